import { describe, expect, it } from "vitest";
import { readCaddy } from "../../../../src/analysis/exposure/proxies/caddy.ts";
import { readHaproxy } from "../../../../src/analysis/exposure/proxies/haproxy.ts";
import { readNginx } from "../../../../src/analysis/exposure/proxies/nginx.ts";
import { readTraefik } from "../../../../src/analysis/exposure/proxies/traefik.ts";
import { yamlOf } from "../../../../src/analysis/exposure/proxies/values.ts";
import { brief, settings } from "./support.ts";

/** Each took from ten seconds to forever, or gigabytes, where its work grew with the square of the text or faster. */
const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("");
const nginx = (text: string) => readNginx(settings({ "/etc/nginx/nginx.conf": text }));
const caddy = (text: string) => readCaddy(settings({ "/etc/caddy/Caddyfile": text }));
const haproxy = (text: string) => readHaproxy(settings({ "/etc/haproxy/haproxy.cfg": text }));
const longer = ["All of its settings: they are longer than is looked at."];

describe("settings made to keep a reader busy", () => {
  it("nginx: ports and variables without end, each way to each server", () => {
    expect(nginx(many(20_000, (at) => `listen ${at + 1};`)).routes).toEqual([]);
    expect(nginx(many(9_000, (at) => `set $a${at} b;`) + many(40_000, () => "a{}")).routes).toEqual([]);
    const servers = `upstream a{${many(20_000, (at) => `server b:${at + 1};`)}}`;
    expect(nginx(`${servers}location / { proxy_pass http://a; }`).routes).toHaveLength(10);
  });

  it("Caddy: snippets that multiply their words", () => {
    const times = "{args[0]}".repeat(300);
    const snippets = many(4, (at) => `(a${at}) {\n import a${at + 1} ${times}\n}\n`);
    const last = "(a4) {\n reverse_proxy {args[0]}\n}\na.example.org {\n import a0 app.app.app\n}\n";
    expect(brief(caddy(snippets + last))).toEqual([]);
    const targets = `(a) {\n reverse_proxy ${"b ".repeat(100_000)}\n}\n`;
    const { routes, unseen } = caddy(`${targets}a.example.org {\n${many(5_000, () => "import a\n")}}\n`);
    expect(routes.length).toBeLessThan(10_000);
    expect(unseen).toEqual(longer);
  });

  it("HAProxy: braces without end, and more lines than a section has", () => {
    const backend = "\nbackend b\n server a app:1\n";
    expect(brief(haproxy(`frontend a\n use_backend b if ${"{".repeat(250_000)}${backend}`))).toEqual([
      "any: -> app:1, nobody asks (haproxy.cfg)",
    ]);
    expect(haproxy(`frontend a\n${many(18_000, () => "use_backend b\n")}${backend}`)).toEqual({
      routes: [],
      unseen: longer,
    });
  });

  it("Traefik: chains of chains, and rules without end", () => {
    const read = (labels: Record<string, string>) =>
      brief(readTraefik(settings({}, "/"), [], [{ name: "app", labels }]));
    const rule = "traefik.http.routers.a.rule";
    expect(
      read({
        [rule]: "Host(`a.example.org`)",
        "traefik.http.routers.a.middlewares": "m",
        "traefik.http.middlewares.m.chain.middlewares": `${"m,".repeat(1_000)}door`,
        "traefik.http.middlewares.door.basicauth.users": "anna:x",
      }),
    ).toEqual(["a.example.org: -> app:null, a password (labels)"]);
    expect(read({ [rule]: "Host(".repeat(100_000) })).toEqual(["any: -> app:null, nobody asks (labels)"]);
  });

  it("YAML: keys and mistakes without end", () => {
    const value = yamlOf(many(12_000, (at) => `a${at}:\n`));
    expect(value instanceof Map && value.size).toBe(12_000);
    expect(yamlOf("}".repeat(60_000))).toBeNull();
    expect(yamlOf(many(40_000, (at) => `a${at}:\n`))).toBeNull();
  });
});
