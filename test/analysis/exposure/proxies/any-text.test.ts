import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCaddy } from "../../../../src/analysis/exposure/proxies/caddy.ts";
import { readCloudflared } from "../../../../src/analysis/exposure/proxies/cloudflared.ts";
import { readHaproxy } from "../../../../src/analysis/exposure/proxies/haproxy.ts";
import { readNginx } from "../../../../src/analysis/exposure/proxies/nginx.ts";
import type { ProxyReading, SettingsFiles } from "../../../../src/analysis/exposure/proxies/route.ts";
import { readTraefik } from "../../../../src/analysis/exposure/proxies/traefik.ts";
import { settings } from "./support.ts";

const readers: [string, string, (files: SettingsFiles) => ProxyReading][] = [
  ["nginx", "/etc/nginx/nginx.conf", readNginx],
  ["Caddy", "/etc/caddy/Caddyfile", readCaddy],
  ["Traefik", "/rules/a.yml", (files) => readTraefik(files, ["--providers.file.directory=/rules"], [])],
  ["HAProxy", "/etc/haproxy/haproxy.cfg", readHaproxy],
  ["cloudflared", "/etc/cloudflared/config.yml", readCloudflared],
];
/** Words that mean something to one of them, between any others. */
const words = fc.constantFrom(
  ...["{", "}", ";", "\n", " ", "#", '"', "'", "`", "\\", "(a)", "*", "$x", ":", "- ", "&a", "*a", "[", "<<EOF"],
  ...["include", "import", "server", "location", "proxy_pass", "upstream", "set", "/etc/nginx/nginx.conf", "Caddyfile"],
  ...[
    "reverse_proxy",
    "handle",
    "forward_auth",
    "frontend",
    "backend",
    "use_backend",
    "if",
    "acl",
    "http-request auth",
  ],
  ...["http:", "routers:", "rule: Host(`", "ingress:", "service: ", "http://a:1", "\u202e", "\0"],
);
const text = fc.array(fc.oneof(words, fc.string({ maxLength: 8 }), fc.string({ unit: "binary", maxLength: 4 })), {
  maxLength: 60,
});

describe.each(readers)("%s", (_, path, read) => {
  it("reads any text without a throw, and hands on only what is plain", () => {
    fc.assert(
      fc.property(text, (parts) => {
        const { routes } = read(settings({ [path]: parts.join(" ") }, "/"));
        for (const { names, to, path: part } of routes) {
          for (const name of [...names, to.host]) expect(name).toMatch(/^[a-z0-9_.*:-]+$/);
          expect(part ?? "/").toMatch(/^[A-Za-z0-9_./* -]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(["{", "[", "- ", '"', "a {\n", "{a: ", "server{", "include *;"])("bears %j many times over", (piece) => {
    expect(read(settings({ [path]: piece.repeat(40_000) }, "/")).routes).toEqual([]);
  });
});
