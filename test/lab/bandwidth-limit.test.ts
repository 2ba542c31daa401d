import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpersOf } from "../../src/helpers.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { useGrants } from "../../src/watch/use-grants.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { portInto } from "./support/into-namespace.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { labShells } from "./support/lab-shell.ts";
import { received, sent } from "./support/traffic.ts";

const run = promisify(execFile);

/** Real traffic through a real cable, shaped by the real kernel. */
describe.skipIf(labMissing !== null)(titled("limit_bandwidth, on a real dockerd and kernel"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let shells: ReturnType<typeof labShells>;
  let door: { port: number; close(): Promise<void> };
  let folder = "";
  beforeAll(async () => {
    lab = await startLab();
    shells = labShells(lab);
    folder = await stateFolder(lab);
    home = openHome(folder, lab.socket, { shells });
    await lab.publish("web", 1);
    // Sends without end to who asks, and swallows all it gets: nc's -e is a program a connection.
    const serve = "nc -ll -p 9000 -e /bin/cat /dev/zero & nc -ll -p 9001 -e /bin/dd of=/dev/null & exec sleep 3600";
    await start(
      "peer",
      "-p",
      "9000:9000",
      "-p",
      "9001:9001",
      "--entrypoint",
      "/bin/sh",
      `${registry}/web`,
      "-c",
      serve,
    );
    await start("hosted", "--network", "host", `${registry}/web`);
    await start("side", "--network", "container:peer", "--entrypoint", "/bin/sleep", `${registry}/web`, "3600");
    door = await portInto(lab, 9000);
  });
  afterAll(async () => {
    await door.close();
    await home.close();
    await shells.close();
    await lab.down();
  });

  const start = (name: string, ...options: string[]) => lab.docker("run", "-d", "--name", name, ...options);
  const inside = async (...argv: string[]) =>
    (await run("nsenter", [`--net=/run/netns/hs-${basename(lab.folder)}`, "--", ...argv])).stdout.trim();
  const plan = (args: object) => home.plan("limit_bandwidth", { container: "peer", ...args });
  const apply = async (args: object) => home.approveAndApply((await plan(args)).plan_id);
  /** What tc and ip say, without our own code. */
  const left = async () =>
    `${await inside("tc", "qdisc", "show")}\n${await inside("ip", "-o", "link", "show", "type", "ifb")}`;

  it("is honoured in both directions, within 15 percent", async () => {
    const view = await apply({ ingress_mbit_per_s: 16, egress_mbit_per_s: 40 });
    expect(view).toMatchObject({ status: "done", risk: "disruptive" });
    expect(view.results?.[0]?.why).toMatch(
      /^veth\w+ receives 16 Mbit\/s, sends 40 Mbit\/s \(through an interface of its own\); the limit is remembered\.$/,
    );
    const address = await lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "peer");
    for (const [bits_per_s, measure] of [
      [40_000_000, () => received(lab, address, 9000)],
      [16_000_000, () => sent(lab, address, 9001)],
    ] as const) {
      // A machine that is busy elsewhere carries less than it may, never more.
      const measured = [await measure(), await measure()];
      expect(Math.max(...measured)).toBeGreaterThan(bits_per_s * 0.85);
      expect(Math.max(...measured)).toBeLessThan(bits_per_s * 1.15);
    }
  });

  it("can be changed while it holds, and is taken off without a trace", async () => {
    expect(await apply({ egress_mbit_per_s: 8 })).toMatchObject({ status: "done" });
    const address = await lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "peer");
    const measured = await received(lab, address, 9000);
    expect(measured).toBeGreaterThan(6_800_000);
    expect(measured).toBeLessThan(9_200_000);
    expect(await sent(lab, address, 9001)).toBeGreaterThan(100_000_000);
    expect(await apply({ off: true })).toMatchObject({ status: "done", risk: "reversible" });
    expect(await left()).not.toMatch(/htb|ingress|hs/);
    expect(await received(lab, address, 9000)).toBeGreaterThan(100_000_000);
    await expect(plan({ off: true })).rejects.toMatchObject({ code: "nothing_to_do" });
  });

  it("leaves a queue that somebody else put there alone", async () => {
    const veth = /(veth\w+)@/.exec(await inside("ip", "-o", "link", "show", "type", "veth"))?.[1] ?? "";
    await inside(
      "tc",
      "qdisc",
      "add",
      "dev",
      veth,
      "root",
      "handle",
      "1:",
      "tbf",
      "rate",
      "1gbit",
      "burst",
      "1mb",
      "latency",
      "50ms",
    );
    await expect(plan({ egress_mbit_per_s: 8 })).rejects.toMatchObject({
      code: "conflict",
      message: `Somebody else shapes ${veth}, the cable of peer, already: tbf 1:.`,
    });
    await inside("tc", "qdisc", "del", "dev", veth, "root");
  });

  it("refuses what has no cable of its own, and says what to do", async () => {
    await expect(plan({ container: "hosted", egress_mbit_per_s: 8 })).rejects.toMatchObject({
      code: "unsupported",
      message: "hosted uses the host's own network: a limit for it would be one for the whole host.",
    });
    await expect(plan({ container: "side", egress_mbit_per_s: 8 })).rejects.toMatchObject({
      code: "unsupported",
      message: "side uses the network of peer.",
    });
  });

  it("ends by itself at its time, also when Home Steward was away until then", async () => {
    await apply({ ingress_mbit_per_s: 20, egress_mbit_per_s: 20, minutes: 5 });
    expect(await left()).toMatch(/htb 4853:.*veth/);
    await home.close();
    home = openHome(folder, lab.socket, { shells });
    const store = openStore(folder);
    const look = (later_ms: number) => {
      const clock = { ...systemClock, now: () => systemClock.now() + later_ms };
      const context: typeof home.context = () => ({ ...home.context(), clock });
      return useGrants({
        gate: home.gate,
        helpers: helpersOf(context, (proposal) => proposal),
        store,
        clock,
        every_ms: 1_000,
        log: { info: () => {}, warn: (line) => expect.unreachable(line) },
        signal: new AbortController().signal,
      });
    };
    expect(await look(4 * 60_000)).toBe(0);
    expect(await left()).toMatch(/htb 4853:.*veth/);
    expect(await look(6 * 60_000)).toBe(1);
    store.close();
    expect(await left()).not.toMatch(/htb|ingress|hs/);
  });

  it("ends with its container's run, is missed then, and leaves nothing behind once it is set again", async () => {
    await apply({ ingress_mbit_per_s: 20, egress_mbit_per_s: 20 });
    await lab.docker("restart", "-t", "1", "peer");
    expect(JSON.stringify(await home.call("list_containers", { container: "peer" }))).toContain("bandwidth limit lost");
    expect(await apply({ ingress_mbit_per_s: 20, egress_mbit_per_s: 20 })).toMatchObject({ status: "done" });
    expect(JSON.stringify(await home.call("list_containers", { container: "peer" }))).not.toContain("limit lost");
    expect((await left()).match(/hs\w+: </g)).toHaveLength(1);
    await apply({ off: true });
  });
});
