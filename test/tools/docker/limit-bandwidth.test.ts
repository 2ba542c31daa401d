import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fleet } from "../../../src/systems/fleet.ts";
import { connectNetwork } from "../../../src/systems/network/index.ts";
import { playedNetwork } from "../../systems/network/played-network.ts";
import { type CrashingHouse, openCrashingHouse } from "../automation/crashing-house.ts";

vi.setConfig({ testTimeout: 60_000 });
const minute = 60_000;

let house: CrashingHouse;
let network: ReturnType<typeof playedNetwork>;
beforeEach(async () => {
  house = await openCrashingHouse();
  house.systems.keptLimits = house.store.limits;
  house.changes.keptLimits = {
    put: (limit, for_ms) =>
      house.store.limits.put(for_ms === undefined ? limit : { ...limit, until: house.clock.now() + for_ms }),
    drop: house.store.limits.drop,
  };
  house.run("plex");
  cable("veth0000001");
});
afterEach(() => house.close());

/** A new cable, as a container gets at each start. */
function cable(veth: string, { kind = "veth", kernel = { ifb: true, police: false } } = {}, ...more: string[]) {
  const { id, run } = house.fake.engine.find("plex");
  const cables = [veth, ...more].map((one) => ({ container_id: id, pid: run.pid, veth: one, kind }));
  network = playedNetwork(cables, kernel);
  const { reading, changing } = connectNetwork(network.shells);
  house.systems.network = fleet("shell", ["nas"], () => reading);
  house.changes.network = fleet("shell", ["nas"], () => changing);
}
/** It stops and starts, and nothing of its cable is left. */
async function restart(veth: string) {
  house.fake.engine.stop("plex");
  await house.clock.advance(1_000);
  house.fake.engine.start("plex");
  cable(veth);
}
const plan = (args: object) => house.plan("limit_bandwidth", { container: "plex", ...args });
const apply = async (args: object) => house.approveAndApply((await plan(args)).plan_id);
const rates = () => [...network.devices].map(([name, { rate }]) => `${name} ${rate ?? "-"}`);
const kept = () => house.store.limits.of("bandwidth", "nas");

describe("a limit", () => {
  test("is planned in plain words, set on the host's end of the cable, and read back", async () => {
    const asked = await plan({ ingress_mbit_per_s: 50, egress_mbit_per_s: 20 });
    expect(asked).toMatchObject({
      title: "Limit the bandwidth of container plex on nas",
      risk: "disruptive",
      changes: ["plex, receiving: no limit → 50 Mbit/s", "plex, sending: no limit → 20 Mbit/s"],
      steps: [
        "Limit veth0000001, the host's end of the cable of plex",
        "Remember the limit, so that its loss is noticed",
      ],
      warnings: [
        "It counts what plex exchanges with other containers and the house, too.",
        "A restart of plex ends it: set_automation can set it again by itself.",
      ],
    });
    expect(rates()).toEqual(["veth0000001 -"]);
    expect(await house.approveAndApply(asked.plan_id)).toMatchObject({
      status: "done",
      results: [
        {
          why: "veth0000001 receives 50 Mbit/s, sends 20 Mbit/s (through an interface of its own); the limit is remembered.",
        },
      ],
    });
    expect(rates()).toEqual(["veth0000001 50Mbit", "hs0000001 20Mbit"]);
    await expect(plan({ ingress_mbit_per_s: 50, egress_mbit_per_s: 20 })).rejects.toMatchObject({
      code: "nothing_to_do",
    });
  });

  test("is taken off on request, and nothing is left of it", async () => {
    await apply({ egress_mbit_per_s: 20 });
    expect(await apply({ off: true })).toMatchObject({ status: "done", risk: "reversible" });
    expect([...network.devices]).toEqual([["veth0000001", {}]]);
    expect(kept()).toEqual([]);
    await expect(plan({ off: true })).rejects.toMatchObject({ code: "nothing_to_do" });
  });

  test("comes to a cable that was plugged in anew, too", async () => {
    cable("veth0000001", {}, "veth0000002");
    await apply({ egress_mbit_per_s: 20 });
    network.devices.set("veth0000002", {});
    const asked = await plan({ egress_mbit_per_s: 20 });
    expect(asked.changes).toEqual(["plex, sending: no limit → 20 Mbit/s"]);
    expect(await house.approveAndApply(asked.plan_id)).toMatchObject({ status: "done" });
    expect(network.devices.get("veth0000002")).toMatchObject({ incoming: "ingress" });
  });

  test("that the kernel does not take is put back", async () => {
    cable("veth0000001", { kernel: { ifb: false, police: false } });
    expect(await apply({ ingress_mbit_per_s: 50, egress_mbit_per_s: 20 })).toMatchObject({ status: "rolled_back" });
    expect([...network.devices]).toEqual([["veth0000001", {}]]);
    expect(kept()).toEqual([]);
  });

  test("is stale where the cable or its queue is another by now", async () => {
    const { plan_id } = await plan({ egress_mbit_per_s: 20 });
    network.devices.set("veth0000001", { root: { kind: "tbf", handle: "1:" } });
    expect(await house.approveAndApply(plan_id)).toMatchObject({ status: "stale" });
    expect(network.devices.get("veth0000001")).toEqual({ root: { kind: "tbf", handle: "1:" } });
  });

  test.each([
    [{}, "No rate is given."],
    [{ off: true, egress_mbit_per_s: 1 }, "off ends a limit; it takes no other."],
    [{ off: true, minutes: 5 }, "off ends a limit; it takes no other."],
    [
      { container: "hosted", egress_mbit_per_s: 1 },
      "hosted uses the host's own network: a limit for it would be one for the whole host.",
    ],
    [{ container: "side", egress_mbit_per_s: 1 }, "side uses the network of plex."],
    [{ container: "alone", egress_mbit_per_s: 1 }, "alone has no network."],
    [{ container: "down", egress_mbit_per_s: 1 }, "down does not run, so it has no network now."],
  ])("is refused for %j", async (args, message) => {
    house.run("hosted", undefined, { NetworkMode: "host" });
    house.run("side", undefined, { NetworkMode: "container:plex" });
    house.run("alone", undefined, { NetworkMode: "none" });
    house.run("down");
    house.fake.engine.stop("down");
    await expect(plan(args)).rejects.toMatchObject({ message });
  });

  test("of one that the engine starts again and again is refused, and can be forgotten", async () => {
    await apply({ egress_mbit_per_s: 20 });
    house.fake.engine.find("plex").run.status = "restarting";
    await expect(plan({ egress_mbit_per_s: 10 })).rejects.toMatchObject({
      message: "plex does not run, so it has no network now.",
      fix: "See why it ends again and again: get_container_logs.",
    });
    expect(await apply({ off: true })).toMatchObject({ status: "done" });
    expect(kept()).toEqual([]);
    await expect(plan({ off: true })).rejects.toMatchObject({ message: "plex has no bandwidth limit." });
  });

  test("is refused where there is no end on the host, or somebody else's queue", async () => {
    cable("veth0000001", { kind: "macvlan" });
    await expect(plan({ egress_mbit_per_s: 1 })).rejects.toMatchObject({
      code: "unsupported",
      message: "A network of plex is a macvlan that has no end on the host.",
    });
    cable("veth0000001");
    network.devices.set("veth0000001", { incoming: "clsact" });
    await expect(plan({ egress_mbit_per_s: 1 })).rejects.toMatchObject({
      message: "Somebody else shapes veth0000001, the cable of plex, already: clsact ffff:.",
    });
  });
});

describe("a limit with an end", () => {
  test("is reversible, and carries its own reversal: no other plan, no other target", async () => {
    const asked = await plan({ egress_mbit_per_s: 20, minutes: 30 });
    expect(asked).toMatchObject({
      risk: "reversible",
      changes: [
        "plex, sending: no limit → 20 Mbit/s",
        "it ends by itself 30 minutes after it began, or as soon as Home Steward runs then",
      ],
    });
    await house.approveAndApply(asked.plan_id);
    expect(house.gate.grants()).toMatchObject([
      {
        action: "end_bandwidth_limit",
        tool: "limit_bandwidth",
        steps: ["unlimit", "forget"],
        targets: [{ kind: "container", host: "nas", name: "plex" }],
        settings: { off: true },
        // Thirty days and thirty minutes after it was planned.
        until: "2027-02-14T12:30:00.000Z",
        state: "active",
      },
    ]);
  });

  test("can be made one without an end, and says so", async () => {
    await apply({ egress_mbit_per_s: 20, minutes: 1 });
    const asked = await plan({ egress_mbit_per_s: 20 });
    expect(asked.changes).toEqual(["it no longer ends by itself"]);
    await house.approveAndApply(asked.plan_id);
    expect(await house.watch(40)).toEqual([]);
    expect(rates()).toEqual(["veth0000001 -", "hs0000001 20Mbit"]);
  });

  test("keeps its end where it is only set again after a start, and says when that is", async () => {
    await apply({ egress_mbit_per_s: 20, minutes: 30 });
    await restart("veth0000002");
    expect((await plan({ egress_mbit_per_s: 20 })).changes).toEqual([
      "plex, sending: no limit → 20 Mbit/s",
      "it ends by itself when it was to end: 2027-01-15T12:30:00.000Z",
    ]);
  });

  test("asks for no longer than the owner lets a standing approval hold", async () => {
    house.context.settings.maxGrantDays = 1;
    await apply({ egress_mbit_per_s: 20, minutes: 30 });
    expect(house.gate.grants()).toMatchObject([{ until: "2027-01-16T12:00:00.000Z" }]);
  });

  test("ends at its time by itself, once", async () => {
    await apply({ egress_mbit_per_s: 20, minutes: 30 });
    expect(await house.watch(40)).toEqual([30]);
    expect([...network.devices]).toEqual([["veth0000001", {}]]);
    expect(kept()).toEqual([]);
    expect(house.gate.grants()[0]?.last_uses).toMatchObject([{ name: "plex", status: "done" }]);
  });

  test("ends as soon as Home Steward is there again, and when the container was gone meanwhile", async () => {
    await apply({ egress_mbit_per_s: 20, minutes: 30 });
    await house.clock.advance(20 * 24 * 60 * minute);
    house.fake.engine.stop("plex");
    expect(await house.look()).toBe(1);
    expect(kept()).toEqual([]);
  });

  test("can be ended before, and is then not ended again", async () => {
    await apply({ egress_mbit_per_s: 20, minutes: 30 });
    await apply({ off: true });
    await apply({ egress_mbit_per_s: 10 });
    expect(await house.watch(40)).toEqual([]);
    expect(rates()).toEqual(["veth0000001 -", "hs0000001 10Mbit"]);
  });
});

describe("after a start of its container", () => {
  const allow = (name = "plex") => house.allow({ action: "keep_bandwidth_limit", containers: [name] });

  test("it is missed, and set again only where that is allowed", async () => {
    await apply({ ingress_mbit_per_s: 50, egress_mbit_per_s: 20 });
    await restart("veth0000002");
    expect(await house.watch(5)).toEqual([]);
    expect((await house.call("get_overview", {})).structured).toMatchObject({
      problems: [
        {
          subject: "plex",
          what: "bandwidth limit lost",
          evidence:
            "it was started since, and began with a new cable: receiving 50 Mbit/s, sending 20 Mbit/s no longer hold",
          next: "limit_bandwidth of plex plans to set it again.",
        },
      ],
    });
  });

  test("it is set again by itself under a standing approval, and ends when it was to end", async () => {
    await apply({ ingress_mbit_per_s: 50, egress_mbit_per_s: 20, minutes: 60 });
    await allow();
    await house.clock.advance(20 * minute);
    await restart("veth0000002");
    expect(await house.watch(5)).toEqual([0.5]);
    expect(rates()).toEqual(["veth0000002 50Mbit", "hs0000002 20Mbit"]);
    expect((await house.call("list_containers", {})).structured).toMatchObject({ containers: [{ problems: [] }] });
    expect(await house.watch(60)).toHaveLength(1);
    expect(kept()).toEqual([]);
    await restart("veth0000003");
    expect(await house.watch(5)).toEqual([]);
  });

  test("it is not set again after its end, even where nobody took it off", async () => {
    const { plan_id } = await plan({ egress_mbit_per_s: 20, minutes: 60 });
    await house.approveAndApply(plan_id);
    await allow();
    house.gate.revoke(plan_id);
    await house.clock.advance(61 * minute);
    await restart("veth0000002");
    expect(await house.watch(5)).toEqual([]);
    expect(rates()).toEqual(["veth0000002 -"]);
  });

  test("no other limit than the one that was allowed is set", async () => {
    await apply({ egress_mbit_per_s: 20 });
    await allow();
    await apply({ egress_mbit_per_s: 10 });
    await restart("veth0000002");
    expect(await house.watch(3)).toEqual([]);
    expect(house.said.join()).toContain("This plan has other settings");
  });

  test("it waits where the container starts over and over, until that one has run for an hour", async () => {
    await apply({ egress_mbit_per_s: 20 });
    await allow();
    const ran: number[] = [];
    for (let start = 1; start <= 8; start++) {
      await restart(`veth000001${start}`);
      ran.push((await house.watch(20, 5)).length);
    }
    expect(ran).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
    expect(await house.watch(60, 20)).toEqual([40]);
  });

  test("it can't be allowed where there is none, nor for all at once", async () => {
    await expect(allow("*")).rejects.toMatchObject({ message: "A limit is kept for the containers that have it." });
    await expect(allow()).rejects.toMatchObject({ code: "not_found", message: "plex has no bandwidth limit now." });
  });
});
