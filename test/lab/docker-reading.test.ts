import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectDocker } from "../../src/systems/docker/index.ts";
import type { Docker } from "../../src/systems/docker/port.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";

describe.skipIf(labMissing !== null)(titled("reading a real dockerd"), () => {
  let lab: Lab;
  let docker: Docker;
  beforeAll(async () => {
    lab = await startLab();
    await lab.publish("plain", 1, "nohealth");
    docker = connectDocker({ kind: "socket", path: lab.socket }).reading;
  });
  afterAll(async () => {
    await docker.close();
    await lab.down();
  });
  const start = (name: string, ...options: string[]) =>
    lab.docker("run", "-d", "--name", name, ...options, `${registry}/plain`);
  const exec = (name: string, script: string) => lab.docker("exec", name, "sh", "-c", script);

  it("tells the two streams of a log apart, and with a terminal gives what the terminal showed", async () => {
    const writes = ["-c", "echo out; echo err >&2; sleep 60"];
    await lab.docker("run", "-d", "--name", "framed", "--entrypoint", "/bin/sh", `${registry}/plain`, ...writes);
    await lab.docker("run", "-dt", "--name", "terminal", "--entrypoint", "/bin/sh", `${registry}/plain`, ...writes);
    await exec("framed", "sleep 0.2");
    const said = async (name: string) =>
      (await docker.logs(name, { tail: 10 })).map(({ stream, text }) => ({ stream, text }));
    expect((await said("framed")).sort((a, b) => a.text.localeCompare(b.text))).toEqual([
      { stream: "stderr", text: "err" },
      { stream: "stdout", text: "out" },
    ]);
    expect(await said("terminal")).toEqual([
      { stream: "stdout", text: "out" },
      { stream: "stdout", text: "err" },
    ]);
    await lab.docker("rm", "-f", "framed", "terminal");
  });

  it("cuts a log where it was asked to: by lines and by time", async () => {
    await start("chatty");
    await exec("chatty", "for i in 1 2 3 4 5; do echo line $i >/proc/1/fd/1; done; sleep 1.2; echo late >/proc/1/fd/1");
    const last = await docker.logs("chatty", { tail: 3 });
    expect(last.map((line) => line.text)).toEqual(["line 4", "line 5", "late"]);
    const since = Math.floor(Date.parse(last.at(-1)?.at ?? "") / 1000);
    expect((await docker.logs("chatty", { tail: 10, since })).map((line) => line.text)).toEqual(["late"]);
    await lab.docker("rm", "-f", "chatty");
  });

  it("counts the bytes of a known transfer as the kernel does, on both ends", async () => {
    await start("server");
    await start("client");
    await exec("server", "dd if=/dev/zero of=/www1/big bs=1000000 count=20");
    const address = await lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "server");
    const kernel = async (name: string, which: "rx_bytes" | "tx_bytes") =>
      Number(await exec(name, `cat /sys/class/net/eth0/statistics/${which}`));
    const before = { server: await docker.network("server"), client: await docker.network("client") };

    expect(await exec("client", `wget -q -O- http://${address}:8080/big | wc -c`)).toBe("20000000");

    // A stray multicast packet may come in between; equal readings before and after leave one value.
    const least = { tx: await kernel("server", "tx_bytes"), rx: await kernel("client", "rx_bytes") };
    const after = { server: await docker.network("server"), client: await docker.network("client") };
    const most = { tx: await kernel("server", "tx_bytes"), rx: await kernel("client", "rx_bytes") };
    expect(after.server.tx_bytes).toBeGreaterThanOrEqual(least.tx);
    expect(after.server.tx_bytes).toBeLessThanOrEqual(most.tx);
    expect(after.client.rx_bytes).toBeGreaterThanOrEqual(least.rx);
    expect(after.client.rx_bytes).toBeLessThanOrEqual(most.rx);
    // Headers come on top of the payload.
    for (const carried of [
      after.server.tx_bytes - before.server.tx_bytes,
      after.client.rx_bytes - before.client.rx_bytes,
    ]) {
      expect(carried).toBeGreaterThan(20_000_000);
      expect(carried).toBeLessThan(21_000_000);
    }
    expect(after.server.read_at_ms).toBeGreaterThan(before.server.read_at_ms);
    await lab.docker("rm", "-f", "server", "client");
  });

  it("answers at once for a container that is stopped, and says so", async () => {
    await start("resting");
    await lab.docker("stop", "resting");
    await expect(docker.network("resting")).rejects.toMatchObject({ code: "conflict" });
    await lab.docker("rm", "resting");
  });

  it("gives no counters, rather than the host's, for a container in the host's network", async () => {
    await start("hosted", "--network", "host");
    await expect(docker.network("hosted")).rejects.toMatchObject({ code: "unsupported" });
    await lab.docker("rm", "-f", "hosted");
  });

  it("gives up a dockerd that hangs after the deadline, while the other host answers, and takes it back when it wakes", async () => {
    const other = await startLab();
    const open = (socket: string) =>
      connectDocker({ kind: "socket", path: socket }, { deadlines: { read_ms: 500 } }).reading;
    const both = fleet("docker", ["stuck", "fine"], (host) => open(host === "stuck" ? lab.socket : other.socket));
    const ask = () => both.each(async (system) => (await system.list()).length);
    try {
      await start("there");
      expect(await ask()).toEqual([
        { host: "stuck", ok: true, value: 1 },
        { host: "fine", ok: true, value: 0 },
      ]);
      await lab.order("dockerd", "pause");
      expect(await ask()).toEqual([
        {
          host: "stuck",
          ok: false,
          problem: {
            code: "timeout",
            message: expect.stringContaining("did not answer within 0.5 s"),
            fix: expect.any(String),
            since: expect.any(String),
          },
        },
        { host: "fine", ok: true, value: 0 },
      ]);
      await lab.order("dockerd", "resume");
      expect(await ask()).toEqual([
        { host: "stuck", ok: true, value: 1 },
        { host: "fine", ok: true, value: 0 },
      ]);
    } finally {
      await lab.order("dockerd", "resume");
      await Promise.all([both.one("stuck").system.close(), both.one("fine").system.close(), other.down()]);
    }
  });

  it("says unreachable while dockerd is gone, and goes on with the one that comes back", async () => {
    await lab.order("dockerd", "stop");
    await expect(docker.list()).rejects.toMatchObject({ code: "unreachable" });
    await lab.order("dockerd", "start");
    expect((await docker.info()).real).toBe(true);
  });
});
