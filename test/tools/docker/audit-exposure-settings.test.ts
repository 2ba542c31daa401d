import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { StewardError } from "../../../src/shared/errors.ts";
import { connectFiles, type Files } from "../../../src/systems/files/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { type House, openHouse } from "../support/house.ts";
import { run } from "../support/publish.ts";

const answer = z.looseObject({
  ports: z.array(z.looseObject({ port: z.string(), answers: z.string(), verdict: z.string(), why: z.string() })),
  sites: z.array(z.looseObject({ host: z.string(), site: z.string(), leads_to: z.string(), login: z.string() })),
  differences: z.array(z.looseObject({ container: z.string(), what: z.string() })),
  unseen: z.array(z.string()),
});
const canary = "canary-3fQ8";
const on = (port: number) => ({ [`${port}/tcp`]: [{ HostIp: "", HostPort: `${port}` }] });
const label = "com.docker.compose";

describe.skipIf(process.platform !== "linux")("settings on a disk (needs GNU find)", () => {
  let root: string;
  let house: House;
  let files: Files;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const use = (some: Files) => {
    house.systems.files = fleet("shell", ["nas"], () => some);
  };
  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-exposure-")));
    house = await openHouse({ empty: true });
    house.fake.engine.addNetwork("web", "172.30.0");
    files = connectFiles({ reading: shellOver(localRunner(), readingCommands, [root]) }, [root]);
    use(files);
    write("caddy/Caddyfile", "import sites/*.caddy\n");
    const hash = `basic_auth {\n anna ${canary}\n }`;
    write("caddy/sites/tv.caddy", `tv.example.org {\n ${hash}\n reverse_proxy sonarr:8989\n}\n`);
    write(
      "caddy/sites/pages.caddy",
      `pages.example.org {\n reverse_proxy 192.168.7.7:80\n header X-Key ${canary}\n}\n`,
    );
    write("compose.yaml", `services:\n  sonarr:\n    environment: [KEY=${canary}]\n    ports: ["8990:8989"]\n`);
    const web = { NetworkMode: "web" };
    run(house.fake, "caddy", {
      HostConfig: { ...web, Binds: [`${root}/caddy:/etc/caddy`], PortBindings: on(443) },
    });
    run(house.fake, "sonarr", {
      HostConfig: { ...web, PortBindings: on(8989) },
      Labels: {
        [`${label}.project`]: "tv",
        [`${label}.service`]: "sonarr",
        [`${label}.project.config_files`]: `${root}/compose.yaml`,
      },
    });
  });
  afterEach(async () => {
    await house.close();
    rmSync(root, { recursive: true, force: true });
  });
  const audit = async (args = {}) => {
    const { structured, text } = await house.call("audit_exposure", args);
    return { ...answer.parse(structured), text, all: JSON.stringify(structured) + text };
  };

  test("say who is in front, which sites ask nobody, and what runs otherwise; no secret in them leaves", async () => {
    const { ports, sites, differences, unseen, text, all } = await audit();
    expect(ports.map(({ port, verdict }) => `${port} ${verdict}`)).toEqual(["8989/tcp close", "443/tcp front_door"]);
    expect(ports[0]?.why).toBe(
      "caddy is in front of sonarr, with a password, but its own port answers on every address as well: a way round it.",
    );
    expect(sites.map(({ host, site, leads_to, login }) => `${host} ${site} ${leads_to} ${login}`)).toEqual([
      "nas pages.example.org 192.168.7.7:80 not_seen",
      "nas tv.example.org sonarr asked",
    ]);
    expect(differences.map(({ container, what }) => `${container}: ${what}`)).toEqual([
      "sonarr: Its file publishes 8990:8989/tcp, and it runs without.",
      "sonarr: It runs as if its file publishes 8989:8989/tcp, and that no longer says so.",
      "sonarr: Its file puts it on the network tv_default, and it runs without.",
      "sonarr: It runs as if its file puts it on the network web, and that no longer says so.",
    ]);
    expect(unseen).toHaveLength(2);
    expect(text.split("\n").slice(3, 9)).toEqual([
      "Sites:",
      "- pages.example.org leads to 192.168.7.7:80 through caddy on nas: no login is seen in front; only its own, if it has one. (/etc/caddy/sites/pages.caddy)",
      "- tv.example.org leads to sonarr through caddy on nas: a password asks. (/etc/caddy/sites/tv.caddy)",
      "Runs otherwise than its compose file says:",
      "- sonarr on nas: Its file publishes 8990:8989/tcp, and it runs without.",
      "- sonarr on nas: It runs as if its file publishes 8989:8989/tcp, and that no longer says so.",
    ]);
    expect(all).not.toContain(canary);
    expect((await audit({ only_problems: true })).sites.map(({ site }) => site)).toEqual(["pages.example.org"]);
  });

  test("a link out of the folder is not followed, and what lies outside of the roots is said", async () => {
    rmSync(join(root, "caddy/sites/tv.caddy"));
    symlinkSync("/etc/hosts", join(root, "caddy/sites/tv.caddy"));
    run(house.fake, "haproxy", { HostConfig: { Binds: ["/etc/hap:/usr/local/etc/haproxy"] } });
    const { sites, unseen } = await audit();
    expect(sites.map(({ site }) => site)).toEqual(["pages.example.org"]);
    expect(unseen).toContain(
      "nas: caddy: Some of /etc/caddy: links, or folders that the shell's account may not look into.",
    );
    expect(unseen).toContain("nas: haproxy: /usr/local/etc/haproxy: it lies outside of the host's roots.");
  });

  test("a file that can't be read, and a shell that is not there, are said; the rest is told", async () => {
    const refuse = (code: "refused" | "unreachable") => new StewardError(code, "No.", "Try again.");
    let asked = 0;
    use({ ...files, settingsText: async () => Promise.reject(refuse("refused")) });
    expect((await audit()).unseen).toContain("nas: caddy: /etc/caddy/Caddyfile: No.");
    use({
      ...files,
      settings: async () => {
        asked += 1;
        throw refuse("unreachable");
      },
    });
    const { ports, unseen } = await audit();
    expect(ports).toHaveLength(2);
    expect(unseen).toContain("nas: caddy: /etc/caddy: No.");
    expect(unseen).toContain("nas: Whether the compose files of sonarr say the same: they can't be read here.");
    expect(asked).toBe(1);
  });

  test("a disk that hangs is asked a few times, not for every file, and no more is told of it than one reads", async () => {
    for (let at = 0; at < 9; at += 1) write(`caddy/sites/more-${at}.caddy`, `a${at}.example.org {\n}\n`);
    let asked = 0;
    use({
      ...files,
      settingsText: async () => {
        asked += 1;
        throw new StewardError("timeout", "No answer.", "Look for a disk that hangs.");
      },
    });
    const { unseen } = await audit();
    // At once; each of the others hears the same.
    expect(asked).toBe(4);
    const told = unseen.filter((what) => what.startsWith("nas: caddy: "));
    expect(told).toHaveLength(6);
    expect(told.at(-1)).toBe("nas: caddy: 8 more that can't be followed.");
  });

  test("more text than a house's proxies have is not read", async () => {
    for (let at = 0; at < 20; at += 1) write(`caddy/sites/more-${at}.caddy`, `# ${"x".repeat(250_000)}\n`);
    const { unseen } = await audit();
    expect(unseen.join("\n")).toContain(".caddy: there is more text than is read.");
  });
});
