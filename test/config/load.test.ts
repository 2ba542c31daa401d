import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { configFolder } from "./support/config-folder.ts";

const { folder, file, load, complaints } = configFolder();

describe("a configuration that is in order", () => {
  it("takes a path below the user's home as shells write it", async () => {
    const { config } = await load("hosts: [{ name: nas, docker: { socket: ~/run/docker.sock } }]");
    expect(config.hosts[0]?.docker).toEqual({ socket: join(homedir(), "run/docker.sock") });
  });

  it("has the documented defaults", async () => {
    const { config } = await load("hosts: []");
    expect(config).toEqual({
      hosts: [],
      confirm: {
        approve_within_s: 600,
        apply_within_s: 300,
        max_pending: 3,
        max_applies_per_hour: 10,
        max_containers: 10,
        max_files: 100_000,
        max_bytes: 1_000_000_000_000,
        max_grant_days: 90,
      },
      toolsets: ["core", "docker", "storage", "automation"],
      read_only: false,
      demo: false,
      http: { host: "127.0.0.1", port: 8471 },
      bandwidth_alerts: [{ container: "*plex*", mbit_per_s: 500 }],
      update: { health_timeout_s: 180, settle_s: 15 },
      exemptions: [],
      quotas: [
        { containers: ["plex"], images: ["*/plex", "*/pms-docker"], labels: [], cpus: 4, memory_mib: 8192 },
        { containers: ["sonarr", "radarr"], images: ["*/sonarr", "*/radarr"], labels: [], cpus: 1, memory_mib: 2048 },
        {
          containers: ["transmission"],
          images: ["*/transmission"],
          labels: [],
          cpus: 2,
          memory_mib: 1024,
          read_mb_per_s: 500,
          write_mb_per_s: 500,
        },
      ],
      automations: { every_s: 30 },
      accepted_ports: [
        {
          name: "*plex*",
          port: 32_400,
          protocol: "tcp",
          reason: "Plex's clients outside the house come in here, and no tunnel may carry its films.",
        },
      ],
      disk_history: { every_min: 30 },
      log: "info",
    });
  });

  it("asks of a profile of quotas whom it is for, and what it limits", async () => {
    await expect(load("quotas: [{ cpus: 1 }]")).rejects.toThrow("containers, images and labels are empty");
    await expect(load("quotas: [{ containers: [plex] }]")).rejects.toThrow("it limits nothing");
    await expect(load("quotas: [{ containers: [plex], cpus: 0.005 }]")).rejects.toThrow("a number, 0.01 or more");
  });

  it("reaches Docker in four ways", async () => {
    const { config } = await load(`
hosts:
  - { name: a, docker: { socket: /var/run/docker.sock } }
  - { name: b, docker: { url: "tcp://nas.lan:2376", ca: /ca.pem, cert: /cert.pem } }
  - name: c
    docker: { ssh: true }
    ssh:
      host: nas.lan
      user: steward
      key_file: ${file("id", "a key")}
      host_key: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
  - name: d
    docker: { portainer: true, endpoint: 3 }
    portainer: { url: "https://nas.lan:9443", api_key: "ptr_key" }
`);
    expect(config.hosts.map(({ docker }) => docker)).toEqual([
      { socket: "/var/run/docker.sock" },
      { url: "tcp://nas.lan:2376", ca: "/ca.pem", cert: "/cert.pem" },
      { ssh: true, socket: "/var/run/docker.sock" },
      { portainer: true, endpoint: 3 },
    ]);
  });

  it("is empty where there is no file and none was named", async () => {
    const { config, file } = await loadConfig({
      env: { XDG_CONFIG_HOME: folder(), APPDATA: folder() },
      platform: "linux",
    });
    expect(file).toBeNull();
    expect(config.hosts).toEqual([]);
  });
});

describe("errors name the key, the line and what was expected", () => {
  it("says all of them at once, in the file's order", async () => {
    expect(
      await complaints(`hosts:
  - name: nas
    dokcer: { socket: /x }
  - name: Big NAS
    docker: { sokcet: /x }
    truenas:
      url: wss://nas.lan
      api_key: abc
  - name: box
    docker: { ssh: true, endpoint: 3 }
http:
  port: none
  host: 0.0.0.0
red_only: true
toolsets: [core, dcoker]
confirm: { approve_within_s: 3600 }
log:
`),
    ).toEqual([
      "config.yaml:3: hosts[0].dokcer: unknown key. Did you mean docker?",
      "config.yaml:4: hosts[1].name: expected small letters, digits, dots and hyphens, found other text",
      "config.yaml:5: hosts[1].docker.sokcet: unknown key. Did you mean socket?",
      "config.yaml:6: hosts[1].truenas.username: missing; expected text",
      "config.yaml:9: hosts[2].ssh: docker asks for ssh, which is missing",
      "config.yaml:10: hosts[2].docker.endpoint: does not belong with the other keys here; expected { socket }, { url }, { ssh: true } or { portainer: true, endpoint }",
      "config.yaml:12: http.port: expected a whole number from 1 to 65535, found other text",
      'config.yaml:13: http.host: expected one of "127.0.0.1", "::1", found other text',
      "config.yaml:14: red_only: unknown key. Did you mean read_only?",
      'config.yaml:15: toolsets[1]: expected one of "core", "docker", "storage", "automation", found other text',
      "config.yaml:16: confirm.approve_within_s: expected a whole number from 30 to 600, found another number",
      'config.yaml:17: log: expected one of "error", "warn", "info", "debug", found nothing',
    ]);
  });

  it.each([
    [
      "docker: 5",
      "config.yaml:1: docker: unknown key. Known here: hosts, confirm, toolsets, read_only, demo, http, bandwidth_alerts, update, exemptions, quotas, automations, accepted_ports, disk_history, log",
    ],
    ["hosts: nas", "config.yaml:1: hosts: expected a list of sections, found other text"],
    [
      "hosts: [{ name: a, docker: /x }]",
      "config.yaml:1: hosts[0].docker: expected { socket }, { url }, { ssh: true } or { portainer: true, endpoint }, found other text",
    ],
    [
      "hosts: [{ name: a, docker: { ssh: true } }]",
      "config.yaml:1: hosts[0].ssh: docker asks for ssh, which is missing",
    ],
    ["hosts: [{ name: a, midclt: true }]", "config.yaml:1: hosts[0].shell: midclt asks for shell, which is missing"],
    [
      "hosts: [{ name: a, secrets_folder: /mnt/tank/home-steward-secrets }]",
      "config.yaml:1: hosts[0].shell: secrets_folder asks for shell, which is missing",
    ],
    [
      "hosts: [{ name: a, shell: local, secrets_folder: /srv/home-steward-secrets }]",
      "config.yaml:1: hosts[0].secrets_folder: secrets_folder lies in none of the host's roots",
    ],
    [
      "hosts: [{ name: a, shell: local, secrets_folder: /mnt/tank/secrets }]",
      "config.yaml:1: hosts[0].secrets_folder: expected an absolute path that ends in /home-steward-secrets, found other text",
    ],
    ["hosts: [{ name: a }, { name: a }]", "config.yaml:1: hosts[1].name: two hosts have this name"],
    ["http:\n  port: 1\n  port: 2", "config.yaml:3: this key stands here twice"],
    ["a: [", "config.yaml:1: not valid YAML (BAD_INDENT)"],
    [
      "- a",
      "config.yaml:1: expected a section with hosts, confirm, toolsets, read_only, demo, http, bandwidth_alerts, update, exemptions, quotas, automations, accepted_ports, disk_history, log, found a list",
    ],
  ])("%j", async (text, line) => {
    expect((await complaints(text))[0]).toBe(line);
  });

  it("never quotes a value: it may be a secret in the wrong place", async () => {
    const found = await complaints(
      `hosts: [{ name: hunter2-hunter2!, shell: hunter2 }]\nhttp: { token: [hunter2], port: hunter2 }\nlog: hunter2`,
    );
    expect(found.length).toBeGreaterThan(3);
    expect(found.join("\n")).not.toContain("hunter2");
  });

  it("says that a named file is missing", async () => {
    const missing = join(folder(), "nowhere.yaml");
    await expect(loadConfig({ file: missing, env: {}, platform: "linux" })).rejects.toThrow(
      `${missing}: there is no such file`,
    );
    await expect(loadConfig({ env: { HOME_STEWARD_CONFIG: missing }, platform: "linux" })).rejects.toThrow(
      `${missing}: there is no such file`,
    );
  });
});

describe("environment forms", () => {
  it("stand over the file, or alone", async () => {
    const { config } = await load("hosts: [{ name: nas, docker: { socket: /a } }]\nhttp: { port: 1000 }", {
      HOME_STEWARD_HTTP_PORT: "2000",
      HOME_STEWARD_READ_ONLY: "true",
      HOME_STEWARD_TOOLSETS: "core, docker",
      HOME_STEWARD_HOSTS_0_DOCKER_SOCKET: "/b",
      HOME_STEWARD_HOSTS_1_NAME: "box",
      HOME_STEWARD_HOSTS_1_DOCKER_URL: "tcp://box:2376",
      HOME_STEWARD_LOG: "",
    });
    expect(config.http.port).toBe(2000);
    expect(config.read_only).toBe(true);
    expect(config.toolsets).toEqual(["core", "docker"]);
    expect(config.hosts).toEqual([
      { name: "nas", docker: { socket: "/b" } },
      { name: "box", docker: { url: "tcp://box:2376" } },
    ]);
    expect(config.log).toBe("info");
  });

  it("are named in errors instead of a line", async () => {
    expect(await complaints("hosts: []", { HOME_STEWARD_HTTP_PORT: "many", HOME_STEWARD_READ_ONLY: "yes" })).toEqual([
      "HOME_STEWARD_READ_ONLY: read_only: expected true or false, found other text",
      "HOME_STEWARD_HTTP_PORT: http.port: expected a whole number from 1 to 65535, found other text",
    ]);
  });

  it("that nobody knows are a warning: orchestrators inject some with our prefix", async () => {
    const { warnings } = await load("hosts: []", { HOME_STEWARD_PORT: "tcp://10.0.0.1:80", HOME_STEWARD_HOME: "/x" });
    expect(warnings).toEqual(["HOME_STEWARD_PORT is no key of the configuration and is ignored."]);
  });

  it("that look like a slip are refused, with all else that is wrong: who wrote READONLY believes to be safe", async () => {
    const env = { HOME_STEWARD_READONLY: "true", HOME_STEWARD_HOSTS_1_DOCKER_SOKCET: "/x" };
    const slips = [
      "HOME_STEWARD_HOSTS_1_DOCKER_SOKCET: unknown key. Did you mean HOME_STEWARD_HOSTS_1_DOCKER_SOCKET?",
      "HOME_STEWARD_READONLY: unknown key. Did you mean HOME_STEWARD_READ_ONLY?",
    ];
    expect(await complaints("hosts: []", env)).toEqual(slips);
    expect(await complaints("hosts: []", { ...env, HOME_STEWARD_HTTP_PORT: "many" })).toEqual([
      ...slips,
      "HOME_STEWARD_HTTP_PORT: http.port: expected a whole number from 1 to 65535, found other text",
    ]);
  });
});
