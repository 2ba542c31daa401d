import { describe, expect, it } from "vitest";
import { auditExposure } from "../../../src/analysis/exposure/audit.ts";
import { differencesOf } from "../../../src/analysis/exposure/compose-file.ts";
import { yamlOf } from "../../../src/analysis/exposure/proxies/values.ts";
import { box } from "./support.ts";

const file = "/mnt/stacks/media/compose.yaml";
const own = {
  "com.docker.compose.project": "media",
  "com.docker.compose.service": "Sonarr",
  "com.docker.compose.project.config_files": file,
};
const compose = (service: string, rest = "") => new Map([[file, `services:\n  Sonarr: ${service}\n${rest}`]]);
const parsed = (service: string, rest = "") =>
  new Map([...compose(service, rest)].map(([path, text]) => [path, yamlOf(text)]));
const plain = { ports: ["8989:8989"], networks: ["media_default"], labels: own };
const differences = (service: string, rest = "", parts = {}) =>
  differencesOf(box("sonarr", { ...plain, ...parts }), parsed(service, rest))?.map(({ what }) => what);

describe("a container and its compose file", () => {
  it.each([
    ['{ ports: ["8989:8989"] }'],
    ["{ ports: ['0.0.0.0:8989:8989/tcp', '8080'] }"],
    ["{ ports: [{ target: 8989, published: '8989', protocol: tcp }] }"],
    ["{ <<: &base { ports: ['8989:8989'] } }"],
    ['{ ports: ["$PORT:8989"] }'],
    ["{ ports: ['9000-9005:8989'] }"],
  ])("that say the same: %s", (service) => {
    expect(differences(service)).toEqual([]);
  });

  it.each([
    [
      "{ ports: ['127.0.0.1:8989:8989'] }",
      [
        "Its file publishes 127.0.0.1:8989:8989/tcp, and it runs without.",
        "It runs as if its file publishes 8989:8989/tcp, and that no longer says so.",
      ],
    ],
    [
      "{ ports: ['8989-8991:8989-8991', '53:53/udp'] }",
      ["Its file publishes 53:53/udp, 8990:8990/tcp, 8991:8991/tcp, and it runs without."],
    ],
    ["{}", ["Its file no longer has it."]],
    ["{ image: x }", ["It runs as if its file publishes 8989:8989/tcp, and that no longer says so."]],
    [
      "{ ports: ['[::1]:8989:8989'], network_mode: host }",
      [
        "Its file publishes ::1:8989:8989/tcp, and it runs without.",
        "It runs as if its file publishes 8989:8989/tcp, and that no longer says so.",
      ],
    ],
  ])("that differ in ports: %s", (service, expected) => {
    expect(differences(service)).toEqual(expected);
  });

  it("that differ in networks", () => {
    const networks = "networks: { proxy: { external: true }, inner: { name: Shared } }";
    const ports = "ports: ['8989:8989']";
    expect(differences(`{ ${ports}, networks: [proxy] }`, networks)).toEqual([
      "Its file puts it on the network proxy, and it runs without.",
      "It runs as if its file puts it on the network media_default, and that no longer says so.",
    ]);
    expect(
      differences(`{ ${ports}, networks: { proxy: {}, inner: } }`, networks, { networks: ["proxy", "Shared"] }),
    ).toEqual([]);
  });

  it("that differ in what a proxy is told", () => {
    const labels = { ...own, "traefik.enable": "true", "traefik.http.routers.s.middlewares": "auth@file", other: "1" };
    const by = (text: string) => differences(`{ ports: ['8989:8989'], labels: ${text} }`, "", { labels });
    expect(by("[traefik.enable=true, traefik.http.routers.s.middlewares=auth@file]")).toEqual([]);
    expect(by("{ traefik.enable: true, traefik.http.routers.s.middlewares: '$AUTH' }")).toEqual([]);
    expect(by("{ traefik.enable: true }")).toEqual([
      "What its labels tell a proxy differs: traefik.http.routers.s.middlewares.",
    ]);
  });

  it.each([
    ["{ extends: { file: other.yaml, service: x } }", ""],
    ["{ ports: [", ""],
  ])("of which the file can't be followed: %s", (service, rest) => {
    expect(differencesOf(box("sonarr", plain), parsed(service, rest))).toBeNull();
  });

  it("the audit names those that it can't read once", () => {
    const containers = [
      box("sonarr", plain),
      box("radarr", { labels: { ...own, "com.docker.compose.service": "x" } }),
      box("hand"),
    ];
    const audit = (texts: Map<string, string>) =>
      auditExposure(containers, [], [], { proxies: new Map(), compose: texts });
    expect(audit(new Map()).unseen.slice(1)).toEqual([
      "Whether the compose files of sonarr, radarr say the same: they can't be read here.",
    ]);
    expect(audit(compose("{ ports: ['8989:8989'] }")).differences).toEqual([
      { container: "radarr", file, what: "Its file no longer has it." },
    ]);
  });
});
