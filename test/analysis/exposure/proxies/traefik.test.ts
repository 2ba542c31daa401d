import { describe, expect, it } from "vitest";
import { readTraefik } from "../../../../src/analysis/exposure/proxies/traefik.ts";
import { brief, settings } from "./support.ts";

const first = `
entryPoints:
  web: { address: ":80" }
  websecure:
    address: ":443"
    http: { tls: { certResolver: le } }
providers:
  docker: { exposedByDefault: false }
  file: { directory: /etc/traefik/dynamic, watch: true }
`;
const dynamic = `
http:
  routers:
    nas:
      rule: "Host(\`nas.example.org\`) || Host(\`home.example.org\`)"
      entryPoints: [websecure]
      middlewares: [secured]
      service: nas
    api:
      rule: Host(\`nas.example.org\`) && PathPrefix(\`/api\`)
      service: nas
  services:
    nas: { loadBalancer: { servers: [{ url: "https://192.168.1.5:8443/" }] } }
  middlewares:
    secured: { chain: { middlewares: [headers, authentik] } }
    headers: { headers: { frameDeny: true } }
    authentik:
      forwardAuth: { address: "http://authentik:9000/outpost.goauthentik.io/auth/traefik" }
`;
const files = (more: Record<string, string> = {}) =>
  settings({ "/etc/traefik/traefik.yml": first, "/etc/traefik/dynamic/nas.yml": dynamic, ...more }, "/etc/traefik");
const labels = (name: string, entries: Record<string, string>) => ({
  name,
  labels: { "traefik.enable": "true", ...entries },
});

describe("Traefik", () => {
  it("by its files: a login through a chain, and a part of the site without", () => {
    const reading = readTraefik(files({ "/etc/traefik/unwatched.yml": dynamic }), [], []);
    expect(brief(reading)).toEqual([
      "nas.example.org home.example.org:443 -> 192.168.1.5:8443, authentik (nas.yml)",
      "nas.example.org:80 443 /api -> 192.168.1.5:8443, nobody asks (nas.yml)",
    ]);
    expect(reading.unseen).toEqual([]);
  });

  it("by labels: a login is sure where its own settings were read", () => {
    const sonarr = (middlewares: string) =>
      labels("Sonarr", {
        "traefik.http.routers.sonarr.rule": "Host(`Sonarr.example.org`)",
        "traefik.http.routers.sonarr.entrypoints": "websecure",
        "traefik.http.routers.sonarr.middlewares": middlewares,
        "traefik.http.services.sonarr.loadbalancer.server.port": "8989",
      });
    const users = labels("x", { "traefik.http.middlewares.guard.basicauth.users": "anna:$apr1$secret" });
    const logins = (middlewares: string) =>
      brief(
        readTraefik(
          files({ "/etc/traefik/dynamic/nas.yml": dynamic.replace(/ {2}routers:[\s\S]*?(?= {2}services:)/, "") }),
          [],
          [sonarr(middlewares), users],
        ),
      );
    expect(logins("authentik@file")).toEqual(["sonarr.example.org:443 -> sonarr:8989, authentik (labels)"]);
    expect(logins("headers@file,guard")).toEqual(["sonarr.example.org:443 -> sonarr:8989, a password (labels)"]);
    expect(logins("authelia@docker")).toEqual(["sonarr.example.org:443 -> sonarr:8989, authelia? (labels)"]);
    expect(logins("headers@file")).toEqual(["sonarr.example.org:443 -> sonarr:8989, nobody asks (labels)"]);
  });

  it("by labels: each router leads to the port of its own service", () => {
    const app = labels("app", {
      "traefik.http.routers.a.rule": "Host(`a.example.org`)",
      "traefik.http.routers.a.service": "front",
      "traefik.http.routers.b.rule": "Host(`b.example.org`)",
      "traefik.http.routers.b.service": "back@docker",
      "traefik.http.services.front.loadbalancer.server.port": "80",
      "traefik.http.services.back.loadbalancer.server.port": "8080",
    });
    expect(brief(readTraefik(settings({}, "/"), [], [app]))).toEqual([
      "a.example.org: -> app:80, nobody asks (labels)",
      "b.example.org: -> app:8080, nobody asks (labels)",
    ]);
  });

  it("by its arguments: a login at the entry point holds for all that come in there", () => {
    const args = [
      "--entryPoints.web.address=:80",
      "--entrypoints.websecure.address=:8443/tcp",
      "--entrypoints.websecure.http.middlewares=auth@docker",
    ];
    const auth = labels("authelia", {
      "traefik.http.middlewares.auth.forwardauth.address": "http://authelia:9091/api/authz",
    });
    const app = (entry: string) =>
      labels("app", {
        "traefik.http.routers.app.rule": "PathPrefix(`/`)",
        ...(entry && { "traefik.http.routers.app.entrypoints": entry }),
      });
    const read = (entry: string) => brief(readTraefik(settings({}, "/"), args, [auth, app(entry)]));
    const raw = labels("db", {
      "traefik.tcp.routers.db.rule": "HostSNI(`*`)",
      "traefik.tcp.routers.db.entrypoints": "websecure",
      "traefik.tcp.services.db.loadbalancer.server.port": "5432",
    });
    expect(brief(readTraefik(settings({}, "/"), args, [auth, raw]))).toEqual([
      "any:8443 -> db:5432, nobody asks (labels)",
    ]);
    expect(read("websecure")).toEqual(["any:8443 -> app:null, authelia (labels)"]);
    expect(read("")).toEqual(["any:80 8443 -> app:null, nobody asks (labels)"]);
  });

  it("leaves out what is switched off, and says what it can't read", () => {
    const off = {
      name: "app",
      labels: { "traefik.enable": "false", "traefik.http.routers.app.rule": "Host(`a.example.org`)" },
    };
    const reading = readTraefik(files({ "/etc/traefik/dynamic/t.yml": "http:\n  {{ range $i }}\n  x: [" }), [], [off]);
    expect(brief(reading)).toHaveLength(2);
    expect(reading.unseen).toEqual(["What /etc/traefik/dynamic/t.yml says: it is no plain YAML."]);
    expect(readTraefik(settings({ "/etc/traefik/traefik.toml": "[http]" }), [], []).unseen).toEqual([
      "What /etc/traefik/traefik.toml says: TOML is not read here.",
    ]);
    expect(readTraefik(settings({}, "/etc/traefik"), ["--providers.file.filename=/rules.toml"], []).unseen).toEqual([
      "The file or folder that its file provider watches.",
    ]);
  });
});
