import { expect, it } from "vitest";
import { readCloudflared } from "../../../../src/analysis/exposure/proxies/cloudflared.ts";
import { brief, settings } from "./support.ts";

const tunnel = (more: string) => `
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2.json
ingress:
  - hostname: sonarr.example.org
    service: http://sonarr:8989
    originRequest: { access: { required: true, teamName: house, audTag: [secret] } }
  - hostname: "*.example.org"
    path: /open
    service: https://swag
  - service: http_status:404
${more}`;
const read = (text: string) => readCloudflared(settings({ "/etc/cloudflared/config.yml": text }));

it("a tunnel's file: who it leads to, and whom it asks itself", () => {
  expect(brief(read(tunnel("")))).toEqual([
    "sonarr.example.org: -> sonarr:8989, Cloudflare Access (config.yml)",
    "*.example.org: /open -> swag:443, nobody asks (config.yml)",
  ]);
  expect(read(tunnel("")).unseen).toEqual(["Which of its names Cloudflare itself asks a login for."]);
  const all = tunnel("originRequest: { access: { required: true } }");
  expect(brief(read(all))[1]).toContain("Cloudflare Access");
  expect(brief(read(all.replace("path: /open", "originRequest: { access: { required: false } }")))[1]).toBe(
    "*.example.org: -> swag:443, nobody asks (config.yml)",
  );
});

it("a tunnel that runs by a token leads where only Cloudflare knows", () => {
  const unseen = ["Where it leads: its routes are kept at Cloudflare."];
  expect(readCloudflared(settings({}, "/etc/cloudflared"))).toEqual({ routes: [], unseen });
  expect(read("tunnel: x\ningress: nonsense: [")).toEqual({ routes: [], unseen });
});
