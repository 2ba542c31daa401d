import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DockerFake, startDockerFake } from "../../../src/demo/docker/index.ts";
import { type PortainerFake, startPortainerFake } from "../../../src/demo/docker/portainer.ts";
import { connectDocker, diagnoseDocker } from "../../../src/systems/docker/index.ts";
import type { DockerConnection } from "../../../src/systems/docker/port.ts";
import { makeCertificates } from "./rig.ts";
import { type SshServer, startSshServer } from "./ssh-server.ts";

const deadlines = { read_ms: 4000 };
const certificates = makeCertificates();
const withCertificates = certificates === null ? "(skipped: there is no openssl command) " : "";
const otherPin = `SHA256:${"A".repeat(43)}`;

let fake: DockerFake;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  fake = await startDockerFake();
});
afterEach(async () => {
  fake.faults.clear();
  for (const close of closing.splice(0)) await close();
});
afterAll(() => fake.close());

function open(connection: DockerConnection) {
  const { reading } = connectDocker(connection, { deadlines });
  closing.push(() => reading.close());
  return reading;
}

describe("over ssh", () => {
  async function sshd(options?: { forwards: boolean }): Promise<SshServer> {
    const { connection } = fake;
    const server = await startSshServer(connection.kind === "socket" ? connection.path : "", options);
    closing.push(server.close);
    return server;
  }

  it("carries many calls at once over one connection", async () => {
    const server = await sshd();
    const docker = open(server.connection);
    const names = ["sonarr", "radarr", "plex", "tautulli", "gluetun", "portainer"];
    const found = await Promise.all(names.map(async (name) => (await docker.inspect(name)).Name));
    expect(found).toEqual(["/sonarr", "/radarr", "/plex", "/tautulli", "/gluetun", "/portainer"]);
    expect(server.logins()).toBe(1);
  });

  it("connects again after the connection was cut", async () => {
    const server = await sshd();
    const docker = open(server.connection);
    fake.faults.set({ kind: "hang" }, { path: /\/stats/ });
    await docker.info();
    const cut = docker.network("sonarr").catch((error) => error);
    await expect.poll(() => fake.asked.at(-1)?.path).toMatch(/stats/);
    server.cut();
    expect(await cut).toMatchObject({ code: "unreachable" });
    expect((await docker.info()).version).toBe("28.5.2");
    expect(server.logins()).toBe(2);
  });

  it("uses docker's own command where forwarding is switched off", async () => {
    const server = await sshd({ forwards: false });
    expect((await open(server.connection).list()).length).toBeGreaterThan(10);
  });

  it("says so where docker's own command finds no Docker either, also though its output ends before it does", async () => {
    const gone = await startSshServer("/nowhere.sock", { forwards: false });
    closing.push(gone.close);
    await expect(open(gone.connection).list()).rejects.toMatchObject({
      code: "unreachable",
      message: "The sshd of that machine did not open Docker's socket, and docker's own command there did not either.",
    });
  });

  it("refuses a machine with another host key before it logs in, and tells both keys", async () => {
    const server = await sshd();
    const { ssh } = server.connection;
    const error = await open({ ...server.connection, ssh: { ...ssh, hostKey: otherPin } })
      .list()
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "refused", fix: expect.stringContaining("another one answers in its place") });
    expect(error.message).toBe(`127.0.0.1 shows the host key ${ssh.hostKey}, but ${otherPin} is pinned.`);
    expect(server.logins()).toBe(0);
  });

  it("tells the key to compare where none is pinned yet", async () => {
    const server = await sshd();
    const connection = { ...server.connection, ssh: { ...server.connection.ssh, hostKey: "" } };
    const { reachable, problems } = await diagnoseDocker(connection, { deadlines });
    expect(reachable).toBe(false);
    expect(problems).toMatchObject([{ code: "refused", fix: expect.stringContaining("ssh-keygen -lf") }]);
    expect(problems[0]?.message).toContain(server.connection.ssh.hostKey);
    expect(server.logins()).toBe(0);
  });

  it("says which of key, address and socket is wrong", async () => {
    const [server, other] = [await sshd(), await sshd()];
    const { ssh } = server.connection;
    const { key } = other.connection.ssh;
    const failing = (connection: DockerConnection) => expect(open(connection).list()).rejects;
    await failing({ ...server.connection, ssh: { ...ssh, key } }).toMatchObject({
      code: "refused",
      message: expect.stringContaining("let steward in"),
    });
    await failing({ ...server.connection, ssh: { ...ssh, key: "no key" } }).toMatchObject({
      code: "refused",
      message: expect.stringContaining("private key"),
    });
    await failing({ ...server.connection, ssh: { ...ssh, port: 1 } }).toMatchObject({ code: "unreachable" });
    await failing({ ...server.connection, socket: "/nowhere.sock" }).toMatchObject({ code: "unreachable" });
    await failing({ ...server.connection, socket: "/no where;reboot" }).toMatchObject({ code: "unreachable" });
  });
});

describe.skipIf(certificates === null)(`over TLS ${withCertificates}`, () => {
  it("refuses an engine that another authority signed, and says its certificate to the doctor", async () => {
    if (certificates === null) return;
    const secure = await startDockerFake({ empty: true, listen: { ...certificates.server, ca: certificates.ca } });
    closing.push(secure.close);
    const { ca: _, ...untrusting } = { ca: "", ...secure.connection, ...certificates.client };
    await expect(open(untrusting).info()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("can't be verified"),
    });
    const { problems } = await diagnoseDocker(untrusting, { deadlines });
    expect(problems[0]?.code).toBe("refused");
    expect(secure.asked).toEqual([]);
  });

  it("says so where the engine wants a certificate of ours", async () => {
    if (certificates === null) return;
    const secure = await startDockerFake({ empty: true, listen: { ...certificates.server, ca: certificates.ca } });
    closing.push(secure.close);
    const error = await open(secure.connection)
      .info()
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "refused", fix: expect.stringContaining("cert and key") });
  });

  it("trusts one pinned certificate of Portainer, and shows another one no key", async () => {
    if (certificates === null) return;
    const seen: PortainerFake = await startPortainerFake(fake, { tls: certificates.server });
    closing.push(seen.close);
    const { problems } = await diagnoseDocker(seen.connection, { deadlines });
    const shown = /SHA256:[A-Za-z0-9+/]{43}/.exec(problems[0]?.fix ?? "")?.[0] ?? "";
    expect(shown).not.toBe("");
    expect((await open({ ...seen.connection, fingerprint: shown }).info()).version).toBe("28.5.2");
    fake.asked.length = 0;
    await expect(open({ ...seen.connection, fingerprint: otherPin }).info()).rejects.toMatchObject({
      code: "refused",
      message: `Portainer shows the certificate ${shown}, but another one is pinned.`,
    });
    expect(fake.asked).toEqual([]);
  });
});

describe("through Portainer", () => {
  it("says whether the key or the environment is wrong, or the engine behind it gone", async () => {
    const engine = await startDockerFake({ empty: true });
    const front = await startPortainerFake(engine);
    closing.push(front.close);
    await expect(open({ ...front.connection, apiKey: "wrong" }).info()).rejects.toMatchObject({ code: "refused" });
    await expect(open({ ...front.connection, endpoint: 9 }).info()).rejects.toMatchObject({ code: "not_found" });
    await engine.close();
    await expect(open(front.connection).info()).rejects.toMatchObject({ code: "unreachable" });
  });

  it("does not show its key to a network", async () => {
    const plain = open({ kind: "portainer", url: "http://192.0.2.1:9000", apiKey: "secret", endpoint: 1 });
    await expect(plain.info()).rejects.toMatchObject({
      code: "refused",
      message: expect.not.stringContaining("secret"),
    });
  });
});

describe("the doctor", () => {
  it("says version and API of an engine that is well", async () => {
    expect(await diagnoseDocker(fake.connection)).toEqual({
      reachable: true,
      version: "28.5.2",
      api_version: "1.51",
      real: false,
      problems: [],
    });
  });
});
