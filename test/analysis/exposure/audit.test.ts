import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditExposure, type ExposedPort } from "../../../src/analysis/exposure/audit.ts";
import type { ContainerInspected } from "../../../src/systems/docker/shapes.ts";
import type { ListeningSocket } from "../../../src/systems/network/port.ts";
import { box } from "./support.ts";

const socket = (port: number, parts: Partial<ListeningSocket> = {}): ListeningSocket => ({
  protocol: "tcp",
  address: "0.0.0.0",
  port,
  program: "sshd",
  container_id: null,
  ...parts,
});

const plexPort = [{ name: "*plex*", port: 32_400, protocol: "tcp" as const, reason: "films." }];
const audit = (containers: ContainerInspected[], sockets: ListeningSocket[] | null = []) =>
  auditExposure(containers, sockets, plexPort);
const brief = ({ port, answers, verdict, severity }: ExposedPort) => `${severity} ${verdict} ${port} ${answers}`;
const one = (containers: ContainerInspected[]) => {
  const [first, ...rest] = audit(containers).ports;
  expect(rest).toEqual([]);
  return first;
};

const traefik = box("traefik", { image: "traefik:v3", ports: ["80:80", "443:443"], networks: ["web"] });
const routed = { "traefik.http.routers.sonarr.rule": "Host(`sonarr.example.org`)" };

describe("which ports others reach", () => {
  it("published ones by their address, IPv4 and IPv6 as one, and nothing of what is down or for the host alone", () => {
    const { ports, loopback_only } = audit([
      box("sonarr", { ports: ["8989:8989", "[::]:8989:8989"] }),
      box("radarr", { ports: ["127.0.0.1:7878:7878"] }),
      box("lidarr", { ports: ["192.168.1.5:8686:8686"] }),
      box("gone", { ports: ["1:1"], state: { Running: false, Status: "exited" } }),
    ]);
    expect(ports.map(({ port, addresses, answers }) => [port, addresses, answers])).toEqual([
      ["8686/tcp", ["192.168.1.5"], "container lidarr"],
      ["8989/tcp", ["0.0.0.0", "::"], "container sonarr"],
    ]);
    expect(loopback_only).toBe(1);
  });

  it("those of the host's own programs, and of containers in its network", () => {
    const plex = box("jellyfin", { mode: "host", networks: ["host"], exposed: ["8096/tcp"] });
    const sockets = [
      socket(22),
      socket(22, { address: "::" }),
      socket(53, { address: "127.0.0.53", program: "systemd-resolve", protocol: "udp" }),
      socket(631, { address: "::1", program: "cupsd" }),
      socket(8096, { program: "jellyfin", container_id: plex.Id }),
      socket(5000, { program: null }),
    ];
    const { ports, loopback_only, unseen } = audit([plex], sockets);
    expect(ports.map((port) => [brief(port), port.addresses.join(" ")])).toEqual([
      ["warning close 8096/tcp container jellyfin", "0.0.0.0"],
      ["info check 22/tcp program sshd", "0.0.0.0 ::"],
      ["info check 5000/tcp a program that could not be told", "0.0.0.0"],
    ]);
    expect(loopback_only).toBe(2);
    expect(unseen).toContain("Which programs some sockets are of: the shell's account may not see that.");
    expect(ports[1]?.fix).toBe("Keys only, no passwords, and not for root from outside.");
  });

  it("what Docker publishes once, though docker-proxy listens for it", () => {
    const proxies = [
      socket(8989, { program: "docker-proxy" }),
      socket(8989, { address: "::", program: "docker-proxy" }),
    ];
    expect(audit([box("sonarr", { ports: ["8989:8989"] })], proxies).ports.map(brief)).toEqual([
      "warning close 8989/tcp container sonarr",
    ]);
  });

  it("without a shell, what images say, and that it is not seen", () => {
    const hosted = box("plex", { mode: "host", networks: ["host"], exposed: ["32400/tcp", "1900/udp"] });
    const { ports, unseen } = audit([hosted], null);
    expect(ports.map(brief)).toEqual([
      "warning close 1900/udp container plex",
      "warning accepted 32400/tcp container plex",
    ]);
    expect(unseen.slice(1)).toEqual([
      "What the host's own programs listen on: that takes a shell on it.",
      "What listens in the host's network of plex: the ports that the image names are taken for it.",
    ]);
  });
});

describe("what is thought of one", () => {
  it("a database is closed first", () => {
    expect(one([box("db", { image: "postgres:16", ports: ["15432:5432"] })])).toEqual({
      port: "15432/tcp",
      addresses: ["0.0.0.0"],
      answers: "container db",
      verdict: "close",
      severity: "critical",
      why: "A database (PostgreSQL) answers on every address.",
      fix: "Take 15432:5432 out of the ports of db. What needs it reaches it by name over a network that both are on.",
    });
  });

  it("Docker's API and what commands it", () => {
    expect(one([box("proxy", { image: "tecnativa/docker-socket-proxy", ports: ["2375:2375"] })])).toMatchObject({
      severity: "critical",
      why: "Docker's API without any login answers on every address.",
    });
    expect(one([box("portainer", { image: "portainer/portainer-ce:2", ports: ["9443:9443"] })])).toMatchObject({
      severity: "warning",
      fix: "Take 9443:9443 out of the ports of portainer. Reach it over ssh or a VPN.",
    });
    // 9000 is many programs' port.
    expect(one([box("minio", { image: "minio/minio", ports: ["9000:9000"] })])?.why).toContain("minio answers");
    expect(audit([], [socket(2375, { program: "dockerd" })]).ports.map(brief)).toEqual([
      "critical close 2375/tcp program dockerd",
    ]);
  });

  it("the proxy's own two are the front door, its dashboard is not", () => {
    const dashboard = box("traefik", {
      image: "docker.io/library/traefik:v3",
      ports: ["80:80", "8443:443", "8080:8080"],
    });
    expect(audit([dashboard]).ports.map(brief)).toEqual([
      "warning close 8080/tcp container traefik",
      "info front_door 80/tcp container traefik",
      "info front_door 8443/tcp container traefik",
    ]);
  });

  it("a port beside the proxy is a way round it", () => {
    const sonarr = (labels: Record<string, string>, networks = ["web"]) =>
      audit([traefik, box("sonarr", { ports: ["8989:8989"], labels, networks })]).ports.find(
        ({ port }) => port === "8989/tcp",
      );
    const login = { "traefik.http.routers.sonarr.middlewares": "authentik@docker" };
    expect(sonarr({ ...routed, ...login })).toMatchObject({
      verdict: "close",
      severity: "warning",
      why: "traefik is in front of sonarr, with authentik as it seems, but its own port answers on every address as well: a way round it.",
      fix: "Take 8989:8989 out of the ports of sonarr. traefik reaches it over their network.",
    });
    expect(sonarr(routed)?.why).toContain("traefik is in front of sonarr, without a login that can be seen, but");
    expect(sonarr(routed, ["bridge"])?.fix).toBe(
      "Put sonarr and traefik on one network, then: Take 8989:8989 out of the ports of sonarr.",
    );
    expect(sonarr({ ...routed, "traefik.enable": "false" })?.why).toBe(
      "sonarr answers on every address, and neither a proxy nor a login is seen in front of it.",
    );
  });

  it("a port that the proxy does not lead to is not behind it, whatever its container's others are", () => {
    const labels = { ...routed, "traefik.enable": "true", "traefik.http.services.qb.loadbalancer.server.port": "8080" };
    const { ports } = audit([traefik, box("qb", { ports: ["8080:8080", "6881:6881"], labels, networks: ["web"] })]);
    expect(ports.filter(({ answers }) => answers === "container qb").map(({ port, why }) => `${port} ${why}`)).toEqual([
      "6881/tcp qb answers on every address, and neither a proxy nor a login is seen in front of it.",
      "8080/tcp traefik is in front of qb, without a login that can be seen, but its own port answers on every address as well: a way round it.",
    ]);
  });

  it.each([
    [
      "caddy",
      "lucaslorentz/caddy-docker-proxy:2",
      { labels: { caddy: "a.example.org", "caddy.forward_auth": "x" } },
      ", with forward_auth,",
    ],
    ["ngx", "nginxproxy/nginx-proxy", { env: ["VIRTUAL_HOST=a.example.org"] }, ", without a login"],
    ["swag", "linuxserver/swag", { labels: { swag: "enable" } }, ", without a login"],
  ])("%s is told by its own signs", (name, image, signs, login) => {
    const found = audit([box(name, { image }), box("app", { ports: ["5000:5000"], ...signs })]).ports[0];
    expect(found?.why).toContain(`${name} is in front of app${login}`);
    expect(audit([traefik, box("app", { ports: ["5000:5000"], ...signs })]).ports[0]?.why).toContain("neither a proxy");
  });

  it("a port beside a tunnel is a way round its rules", () => {
    const cloudflared = box("cloudflared", { image: "cloudflare/cloudflared:latest", networks: ["web"] });
    const { ports, unseen } = audit([cloudflared, box("app", { ports: ["5000:5000"], networks: ["web"] })]);
    expect(ports[0]).toMatchObject({
      why: "app answers on every address, beside the tunnel cloudflared on its network: a way round that one's rules.",
      fix: "Take 5000:5000 out of the ports of app. The tunnel needs no published port.",
    });
    expect(unseen).toContain("cloudflared: Where it leads: its routes are kept at Cloudflare.");
  });

  it("the login itself is looked at, not closed", () => {
    expect(one([box("ak", { image: "ghcr.io/goauthentik/server:2024.10", ports: ["9000:9000"] })])).toMatchObject({
      verdict: "check",
      severity: "info",
      why: "ak is the login itself, and answers on every address.",
    });
  });

  it("one with nothing in front is routed through what there is", () => {
    const authentik = box("ak", { image: "ghcr.io/goauthentik/server:2024.10", networks: ["web"] });
    expect(audit([traefik, authentik, box("app", { ports: ["5000:5000/udp"] })]).ports[0]?.fix).toBe(
      "Route it through traefik with the login of ak, then: Take 5000:5000/udp out of the ports of app.",
    );
    expect(one([box("app", { ports: ["5000:5000"] })])?.fix).toBe(
      "Bind it to 127.0.0.1, or to the house's own address, unless others really need it.",
    );
  });
});

describe("Plex's port, accepted", () => {
  const conditions = (plex: ContainerInspected) => audit([plex]).ports.find(({ verdict }) => verdict === "accepted");

  it("with its conditions, of which only Plex knows some", () => {
    expect(conditions(box("plex", { image: "plexinc/pms-docker", ports: ["32400:32400"] }))).toEqual({
      port: "32400/tcp",
      addresses: ["0.0.0.0"],
      answers: "container plex",
      verdict: "accepted",
      severity: "info",
      why: "Accepted: films.",
      fix: "Nothing, as long as it holds.",
      conditions: [
        { what: "no other port of plex is open", met: true },
        { what: "plex has no privileges of the host", met: true },
        { what: "secure connections are required (Plex: Settings, Network)", met: null },
        { what: "the Plex account asks for a second factor", met: null },
        { what: "somebody watches for wrong logins (fail2ban), and limits connections", met: null },
      ],
    });
  });

  it("not with others beside it, or with the host's privileges", () => {
    const open = box("plex", { ports: ["32400:32400", "32469:32469", "1900:1900/udp"], privileged: true });
    expect(conditions(open)).toMatchObject({
      severity: "warning",
      fix: "Not met: no other port of plex is open (32469/tcp, 1900/udp); plex has no privileges of the host.",
    });
    expect(audit([open]).ports.map(brief)).toContain("warning close 32469/tcp container plex");
  });

  it("not for another container, nor another port", () => {
    expect(one([box("other", { ports: ["32400:32400"] })])?.verdict).toBe("close");
    expect(one([box("plex", { ports: ["32401:32400"] })])?.verdict).toBe("close");
    expect(one([box("plex", { ports: ["32400:32400/udp"] })])?.verdict).toBe("close");
  });
});

it("judges every reachable port once, and none that is for the host alone", () => {
  const address = fc.constantFrom("0.0.0.0", "::", "127.0.0.1", "::1", "192.168.1.5", "::ffff:127.0.0.1");
  const some = fc.array(fc.record({ address, port: fc.integer({ min: 1, max: 20 }) }), { maxLength: 20 });
  fc.assert(
    fc.property(some, (sockets) => {
      const { ports, loopback_only } = audit(
        [],
        sockets.map(({ address, port }) => socket(port, { address })),
      );
      const own = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
      const open = new Set(sockets.filter((one) => !own.has(one.address)).map(({ port }) => `${port}/tcp`));
      expect(ports.map(({ port }) => port).sort()).toEqual([...open].sort());
      expect(ports.length + loopback_only).toBe(new Set(sockets.map(({ port }) => port)).size);
      for (const { addresses } of ports) for (const one of addresses) expect(own.has(one)).toBe(false);
    }),
  );
});
