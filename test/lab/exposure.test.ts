import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectFiles } from "../../src/systems/files/index.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { connectShell } from "../../src/systems/shell/index.ts";
import { auditExposure } from "../../src/tools/docker/audit-exposure.ts";
import { type Home, type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { labShells } from "./support/lab-shell.ts";

const audit = z.looseObject({
  ports: z.array(
    z.looseObject({ port: z.string(), addresses: z.array(z.string()), answers: z.string(), verdict: z.string() }),
  ),
  unseen: z.array(z.string()),
});
const front = z.looseObject({
  ports: z.array(z.looseObject({ port: z.string(), verdict: z.string(), why: z.string() })),
  sites: z.array(z.looseObject({ site: z.string(), leads_to: z.string(), login: z.string(), from: z.string() })),
});

/** A site of the house, and one that asks nobody. */
const proxied = `
server {
  listen 8443 ssl;
  server_name open.example.org;
  auth_basic "Who is it?";
  location / { proxy_pass http://door:8080; }
}
server {
  listen 8443 ssl;
  server_name bare.example.org;
  location / { proxy_pass http://inner:8080; }
}
`;

/** Listens on all addresses and on loopback, until its input ends. */
const listener = `
  process.title = "listener";
  const { createServer } = require("node:net");
  createServer().listen(7001, "0.0.0.0", () => createServer().listen(7002, "127.0.0.1", () => console.log("ready")));
  process.stdin.resume().on("end", () => process.exit());
`;

describe.skipIf(labMissing !== null)(titled("audit_exposure, of real sockets on a real dockerd"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let blind: Home;
  let shells: ReturnType<typeof labShells>;
  let program: ChildProcess;
  beforeAll(async () => {
    lab = await startLab();
    shells = labShells(lab);
    home = openHome(await stateFolder(lab), lab.socket, { shells });
    blind = openHome(await stateFolder(lab), lab.socket);
    await lab.publish("web", 1);
    const start = (name: string, ...options: string[]) =>
      lab.docker("run", "-d", "--name", name, ...options, `${registry}/web`);
    await start("open", "-p", "8081:8080");
    await start("own", "-p", "127.0.0.1:8082:8080");
    await start("db", "-p", "15432:5432");
    await start("inner");
    await start("hosted", "--network", "host");
    const network = `--net=/run/netns/hs-${basename(lab.folder)}`;
    program = spawn("nsenter", [network, process.execPath, "-e", listener], { stdio: ["pipe", "pipe", "inherit"] });
    if (program.stdout) await once(program.stdout, "data");
  });
  afterAll(async () => {
    program.stdin?.end();
    await home.close();
    await blind.close();
    await shells.close();
    await lab.down();
  });

  const seen = async (by: Home) => {
    const { ports, unseen } = audit.parse(await by.call("audit_exposure", {}));
    return { unseen, ports: ports.map(({ port, answers, verdict }) => `${port} ${answers}: ${verdict}`) };
  };

  it("finds who answers on every port that others reach, and no other", async () => {
    // The registry of the lab and the second listener are for the machine alone.
    const { ports } = await seen(home);
    expect(ports).toEqual([
      "15432/tcp container db: close",
      "8080/tcp container hosted: close",
      "8081/tcp container open: close",
      "7001/tcp program listener: check",
    ]);
  });

  it("says by Docker alone what it sees, and what it does not", async () => {
    const { ports, unseen } = await seen(blind);
    expect(ports).toEqual([
      "15432/tcp container db: close",
      "8080/tcp container hosted: close",
      "8081/tcp container open: close",
    ]);
    expect(unseen).toContain("nas: What the host's own programs listen on: that takes a shell on it.");
  });

  it("reads from a proxy's mounted settings who is in front, and who is not asked", async () => {
    const folder = join(lab.folder, "apps/proxy");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "sites.conf"), proxied);
    await lab.publish("nginx", 1);
    await lab.docker("network", "create", "front");
    await lab.docker("network", "connect", "--alias", "door", "front", "open");
    await lab.docker("network", "connect", "front", "inner");
    const mounted = ["-v", `${folder}:/etc/nginx/conf.d:ro`];
    await lab.docker(
      "run",
      "-d",
      "--name",
      "proxy",
      "--network",
      "front",
      "-p",
      "8443:8443",
      ...mounted,
      `${registry}/nginx`,
    );
    const local = connectShell({ kind: "local" }, [lab.folder]);
    const context = home.context();
    const files = fleet("shell", ["nas"], () => connectFiles(local, [lab.folder]));
    try {
      const { structured } = await auditExposure.call({}, { ...context, systems: { ...context.systems, files } });
      const { ports, sites } = front.parse(structured);
      expect(ports.find(({ port }) => port === "8443/tcp")?.verdict).toBe("front_door");
      expect(ports.find(({ port }) => port === "8081/tcp")?.why).toBe(
        "proxy is in front of open, with a password, but its own port answers on every address as well: a way round it.",
      );
      expect(sites.map(({ site, leads_to, login, from }) => [site, leads_to, login, from])).toEqual([
        ["bare.example.org", "inner", "not_seen", "/etc/nginx/conf.d/sites.conf"],
        ["open.example.org", "open", "asked", "/etc/nginx/conf.d/sites.conf"],
      ]);
    } finally {
      await local.close();
    }
  });
});
