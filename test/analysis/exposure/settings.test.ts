import { describe, expect, it } from "vitest";
import { auditExposure } from "../../../src/analysis/exposure/audit.ts";
import { settingsPlans } from "../../../src/analysis/exposure/places.ts";
import type { ContainerInspected } from "../../../src/systems/docker/shapes.ts";
import { settings } from "./proxies/support.ts";
import { box } from "./support.ts";

const npm = box("npm", {
  image: "jc21/nginx-proxy-manager:2",
  ports: ["80:80", "443:443", "81:81"],
  networks: ["web"],
  mounts: ["/mnt/apps/npm/data:/data", "/mnt/apps/npm/letsencrypt:/etc/letsencrypt"],
});
const site = (name: string, host: string, port: number, login = "") => `
server { set $forward_scheme http; set $server "${host}"; set $port ${port}; listen 443 ssl; server_name ${name};
  location / { ${login} include conf.d/include/proxy.conf; } }`;
const asks = 'auth_basic "Who?"; auth_basic_user_file /data/access/1;';
const read = (...sites: string[]) => ({
  proxies: new Map([
    [
      npm.Id,
      {
        ...settings(
          Object.fromEntries(sites.map((text, at) => [`/data/nginx/proxy_host/${at}.conf`, text])),
          "/data/nginx",
        ),
        unread: [],
      },
    ],
  ]),
  compose: new Map<string, string>(),
});
const audit = (containers: ContainerInspected[], ...sites: string[]) =>
  auditExposure(
    [npm, ...containers],
    [],
    [{ name: "*plex*", port: 32_400, protocol: "tcp", reason: "films." }],
    read(...sites),
  );
const why = (containers: ContainerInspected[], ...sites: string[]) => {
  const found = audit(containers, ...sites).ports.find(({ port }) => port === "8989/tcp");
  return [found?.why, found?.fix];
};
const sonarr = (parts = {}) => box("sonarr", { ports: ["8989:8989"], networks: ["web"], ...parts });

describe("a port that a proxy's settings lead to", () => {
  it("over a network they share, is a way round it", () => {
    expect(why([sonarr()], site("sonarr.example.org", "sonarr", 8989, asks))).toEqual([
      "npm is in front of sonarr, with a password, but its own port answers on every address as well: a way round it.",
      "Take 8989:8989 out of the ports of sonarr. npm reaches it over their network.",
    ]);
    expect(why([sonarr({ aliases: ["tv"] })], site("sonarr.example.org", "TV", 8989))[0]).toBe(
      "npm is in front of sonarr, without a login that can be seen, but its own port answers on every address as well: a way round it.",
    );
  });

  it("by the host's address, is one that the proxy needs until both share a network", () => {
    expect(why([sonarr({ networks: ["bridge"] })], site("sonarr.example.org", "192.168.1.5", 8989, asks))).toEqual([
      "npm leads to this port by an address, with a password, and it answers on every address to everybody else: a way round that one, if the address is this host's.",
      "Put sonarr and npm on one network, let it lead to sonarr:8989, then: Take 8989:8989 out of the ports of sonarr.",
    ]);
  });

  it("asks for a part of it where another proxy leads there and asks nobody", () => {
    const tunnel = box("cloudflared", {
      image: "cloudflare/cloudflared",
      networks: ["web"],
      mounts: ["/mnt/c:/etc/cloudflared"],
    });
    const config = "ingress: [{ hostname: tv.example.org, service: 'http://sonarr:8989' }]";
    const { proxies, compose } = read(site("sonarr.example.org", "sonarr", 8989, asks));
    const files = { ...settings({ "/etc/cloudflared/config.yml": config }), unread: [] };
    const both = { proxies: new Map([...proxies, [tunnel.Id, files]]), compose };
    const found = auditExposure([npm, tunnel, sonarr()], [], [], both).ports.find(({ port }) => port === "8989/tcp");
    expect(found?.why).toBe(
      "npm is in front of sonarr, with a password for a part of it, but its own port answers on every address as well: a way round it.",
    );
  });

  it("is another one than those that it does not lead to", () => {
    const nobody = "sonarr answers on every address, and neither a proxy nor a login is seen in front of it.";
    expect(why([sonarr()], site("sonarr.example.org", "sonarr", 9898))[0]).toBe(nobody);
    expect(why([sonarr()], site("other.example.org", "localhost", 8989))[0]).toBe(nobody);
    expect(why([sonarr()])[0]).toBe(nobody);
  });
});

describe("sites", () => {
  it("are told with who asks, the open ones first, and never the login itself", () => {
    const authentik = box("ak", { image: "ghcr.io/goauthentik/server:2024.10", networks: ["web"] });
    const { sites, ports } = audit(
      [sonarr(), box("plex", { networks: ["web"] }), authentik],
      site("sonarr.example.org", "sonarr", 8989, asks).replace(
        "} }",
        "} location /api/ { proxy_pass http://sonarr:8989; } }",
      ),
      site("plex.example.org", "plex", 32_400),
      site("nas.example.org", "192.168.1.9", 5000),
      site("login.example.org", "ak", 9000),
      site("tv.example.org", "sonarr", 8989, asks).replace("location /", "location /tv/"),
    );
    expect(sites).toEqual([
      {
        proxy: "npm",
        site: "nas.example.org",
        leads_to: "192.168.1.9:5000",
        login: "not_seen",
        by: null,
        open_parts: [],
        from: "/data/nginx/proxy_host/2.conf",
        severity: "warning",
      },
      expect.objectContaining({ site: "plex.example.org", leads_to: "plex", login: "not_seen", severity: "info" }),
      expect.objectContaining({ site: "sonarr.example.org", login: "partly", by: "a password", open_parts: ["/api/"] }),
      expect.objectContaining({ site: "tv.example.org/tv/", leads_to: "sonarr", login: "asked", severity: "info" }),
    ]);
    expect(
      ports.filter(({ answers }) => answers === "container npm").map(({ port, verdict }) => `${port} ${verdict}`),
    ).toEqual(["81/tcp close", "80/tcp front_door", "443/tcp front_door"]);
  });

  it("a port that anybody may answer at is no site that is lived with", () => {
    const ssh = { name: "*", port: 22, protocol: "tcp" as const, reason: "ssh." };
    const { sites } = auditExposure([npm, sonarr()], [], [ssh], read(site("sonarr.example.org", "sonarr", 8989)));
    expect(sites.map(({ login, severity }) => `${login} ${severity}`)).toEqual(["not_seen warning"]);
  });

  it("nginx that leads somewhere is a proxy, and its ports are its doors", () => {
    const web = (text: string) => {
      const nginx = box("web", { image: "nginx:1", ports: ["8443:8443"], mounts: ["/mnt/web:/etc/nginx/conf.d"] });
      const files = { ...settings({ "/etc/nginx/conf.d/a.conf": text }), unread: [] };
      return auditExposure([nginx], [], [], { proxies: new Map([[nginx.Id, files]]), compose: new Map() }).ports[0]
        ?.verdict;
    };
    expect(web("server { listen 8443 ssl; location / { proxy_pass http://app:1; } }")).toBe("front_door");
    expect(web("server { listen 8443 ssl; root /srv; }")).toBe("close");
  });

  it("what could not be read is said, and asked of nobody where there is no shell", () => {
    const files = { ...settings({}, "/data/nginx"), unread: ["/data/nginx: It can't be read."] };
    const unseen = (proxies: Parameters<typeof auditExposure>[3]) =>
      auditExposure([npm], [], [], proxies).unseen.slice(1);
    expect(unseen({ proxies: new Map([[npm.Id, files]]), compose: new Map() })).toEqual([
      "npm: /data/nginx: It can't be read.",
    ]);
    expect(unseen(null)).toEqual(["npm: Its own settings: they take a shell on the host."]);
    const bare = box("swag", { image: "lscr.io/linuxserver/swag:latest" });
    expect(auditExposure([bare], [], []).unseen.slice(1)).toEqual([
      "swag: Its own settings: none are mounted from the host.",
    ]);
  });
});

describe("without files", () => {
  it("Traefik is told by its arguments and variables, and by labels", () => {
    const traefik = box("traefik", {
      image: "traefik:v3",
      ports: ["9443:9443"],
      networks: ["web"],
      command: ["--providers.docker=true"],
      env: ["TRAEFIK_ENTRYPOINTS_SECURE_ADDRESS=:9443", "CF_API_KEY=secret"],
    });
    const labels = {
      "traefik.http.routers.sonarr.rule": "Host(`sonarr.example.org`)",
      "traefik.http.routers.sonarr.middlewares": "door",
      "traefik.http.middlewares.door.basicauth.users": "anna:x",
    };
    const { ports, sites } = auditExposure([traefik, sonarr({ labels })], [], []);
    expect(ports.map(({ port, why: text }) => [port, text])).toEqual([
      [
        "8989/tcp",
        "traefik is in front of sonarr, with a password, but its own port answers on every address as well: a way round it.",
      ],
      ["9443/tcp", "traefik is the proxy that visitors come in by."],
    ]);
    expect(sites.map(({ from, login }) => [from, login])).toEqual([["labels of sonarr", "asked"]]);
  });

  it("a login in Caddy's labels is sure where it is for the whole of its only site", () => {
    const proxy = box("caddy", { image: "lucaslorentz/caddy-docker-proxy:2", networks: ["web"] });
    const words = (labels: Record<string, string>) =>
      auditExposure([proxy, sonarr({ labels: { caddy: "a.example.org", ...labels } })], [], []).ports[0]?.why.replace(
        /, but.*/,
        "",
      );
    expect(words({ "caddy.forward_auth": "authelia:9091" })).toBe("caddy is in front of sonarr, with forward_auth");
    const unsure = "caddy is in front of sonarr, with forward_auth as it seems";
    expect(words({ "caddy.forward_auth": "/admin/* authelia:9091" })).toBe(unsure);
    expect(words({ "caddy.forward_auth": "authelia:9091", caddy_1: "b.example.org" })).toBe(unsure);
  });

  it("what a proxy of the host leads to is not seen, and that is said", () => {
    const socket = { protocol: "tcp" as const, address: "0.0.0.0", port: 443, program: "nginx", container_id: null };
    const { unseen } = auditExposure(
      [box("zoraxy", { image: "zoraxydocker/zoraxy" })],
      [socket, { ...socket, port: 80 }],
      [],
    );
    expect(unseen.slice(1)).toEqual([
      "Which routes zoraxy has, and with which login: they are in its own files.",
      "Where nginx leads, a program of the host: its settings are not read.",
    ]);
  });
});

describe("where a proxy keeps its settings", () => {
  const places = (image: string, ...mounts: string[]) =>
    settingsPlans([box("p", { image, mounts })]).map(({ kind, places: found }) =>
      [kind, ...found.map(({ inside, path }) => `${inside}=${path}`)].join(" "),
    );
  it.each([
    ["jc21/nginx-proxy-manager:2", ["/mnt/npm:/data", "/mnt/le:/etc/letsencrypt"], "nginx /data/nginx=/mnt/npm/nginx"],
    ["lscr.io/linuxserver/swag", ["/mnt/swag/:/config/"], "nginx /config/nginx=/mnt/swag/nginx"],
    [
      "nginx:1",
      ["/mnt/c:/etc/nginx/conf.d", "/mnt/n.conf:/etc/nginx/nginx.conf"],
      "nginx /etc/nginx/conf.d=/mnt/c /etc/nginx/nginx.conf=/mnt/n.conf",
    ],
    [
      "caddy:2",
      ["/mnt/Caddyfile:/etc/caddy/Caddyfile", "/mnt/data:/data"],
      "caddy /etc/caddy/Caddyfile=/mnt/Caddyfile",
    ],
    [
      "traefik:v3",
      ["/var/run/docker.sock:/var/run/docker.sock", "/mnt/t:/rules", "/mnt/acme.json:/acme.json"],
      "traefik /rules=/mnt/t",
    ],
    ["cloudflare/cloudflared:latest", [], "cloudflared"],
  ])("%s", (image, mounts, expected) => {
    expect(places(image, ...mounts)).toEqual([expected]);
  });
});
