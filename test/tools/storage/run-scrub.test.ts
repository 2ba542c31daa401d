import { afterEach, describe, expect, test } from "vitest";
import { releases } from "../../../src/demo/truenas/model.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { runScrub } from "../../../src/tools/storage/run-scrub.ts";
import type { ZfsRig } from "../../systems/zfs/changes-contract.ts";
import { playedRig, truenasRig } from "../../systems/zfs/changes-rigs.ts";
import { PlayedZfs } from "../../systems/zfs/played-zfs.ts";
import { openZfsHouse, type ZfsHouse } from "./zfs-house.ts";

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});
async function house(rig: ZfsRig): Promise<ZfsHouse> {
  const opened = await openZfsHouse(runScrub, { nas: rig });
  closing.push(
    () => rig.close(),
    () => opened.close(),
  );
  return opened;
}
async function played(): Promise<{ machine: PlayedZfs; home: ZfsHouse }> {
  const machine = new PlayedZfs();
  return { machine, home: await house(await playedRig(machine)) };
}

const ways: [string, () => Promise<ZfsRig>][] = [
  ["a shell", () => playedRig()],
  ...releases.map((release): [string, () => Promise<ZfsRig>] => [`TrueNAS ${release}`, () => truenasRig(release)]),
];

test.each(ways)("starts, pauses, resumes and stops a scrub through %s, each approved", async (_, open) => {
  const rig = await open();
  const home = await house(rig);
  const run = async (action: string) => {
    const plan = await home.plan({ pool: rig.pool, action });
    const { status, results } = await home.approveAndApply(plan.plan_id);
    return [plan.title, status, results?.[0]?.why];
  };
  const before = (await rig.reading.pools()).find(({ name }) => name === rig.pool)?.scan;
  const plan = await home.plan({ pool: rig.pool, action: "start" });
  expect(plan).toMatchObject({
    risk: "reversible",
    targets: [{ kind: "pool", host: "nas", name: rig.pool }],
    undo: "Stop it (run_scrub stop).",
  });
  expect((await rig.reading.pools()).find(({ name }) => name === rig.pool)?.scan).toEqual(before);
  expect(await home.approveAndApply(plan.plan_id)).toMatchObject({ status: "done" });
  const title = (verb: string) => `${verb} the scrub of pool ${rig.pool} on nas`;
  expect(await run("pause")).toEqual([title("Pause"), "done", `The scrub of ${rig.pool} is paused.`]);
  expect(await run("resume")).toEqual([title("Resume"), "done", `The scrub of ${rig.pool} is running.`]);
  expect(await run("stop")).toEqual([title("Stop"), "done", `The scrub of ${rig.pool} is canceled.`]);
});

describe("is refused", () => {
  const refused = async (home: ZfsHouse, action: string) =>
    home.plan({ pool: "tank", action }).then(
      () => "planned",
      (error) => (error instanceof StewardError ? `${error.code}: ${error.message}` : "thrown"),
    );

  test("where it would change nothing", async () => {
    const { machine, home } = await played();
    expect(await refused(home, "pause")).toBe("nothing_to_do: No scrub of tank is running.");
    expect(await refused(home, "stop")).toBe("nothing_to_do: No scrub of tank is running.");
    expect(await refused(home, "resume")).toBe("nothing_to_do: No scrub of tank is paused.");
    machine.tank.zpool(["scrub"], ["tank"]);
    expect(await refused(home, "start")).toBe("nothing_to_do: The scrub of tank is running already.");
    expect(await refused(home, "resume")).toBe("nothing_to_do: The scrub of tank is running already.");
    machine.tank.zpool(["scrub", "-p"], ["tank"]);
    expect(await refused(home, "pause")).toBe("nothing_to_do: The scrub of tank is paused already.");
    expect(await refused(home, "start")).toBe("conflict: A scrub of tank is paused.");
  });

  test("during a resilver, and where the pool can't be used", async () => {
    const { machine, home } = await played();
    const { start_time } = { start_time: machine.now };
    machine.tank.scan = { function: "RESILVER", state: "SCANNING", start_time, end_time: 0, scrub_pause: 0 };
    expect(await refused(home, "start")).toMatch(/^conflict: tank is resilvering: 40 % is done/);
    machine.tank.scan = null;
    machine.tank.state = "SUSPENDED";
    expect(await refused(home, "start")).toBe("conflict: tank is not usable now.");
    machine.tank.state = "DEGRADED";
    expect((await home.plan({ pool: "tank", action: "start" })).warnings).toContain(
      "tank is degraded: replace the failed disk first, what is damaged now may not be repairable.",
    );
  });

  test("where no pool, or more than one, has that name", async () => {
    const { home } = await played();
    await expect(home.plan({ pool: "none", action: "start" })).rejects.toMatchObject({
      code: "not_found",
      message: "nas has no pool none.",
    });
    const two = await openZfsHouse(runScrub, { nas: await playedRig(), attic: await playedRig() });
    closing.push(() => two.close());
    await expect(two.plan({ pool: "tank", action: "start" })).rejects.toMatchObject({ code: "ambiguous" });
    expect(await two.plan({ pool: "tank", action: "start", host: "attic" })).toMatchObject({
      title: "Start the scrub of pool tank on attic",
    });
  });
});

test("a scrub that somebody else began meanwhile makes the plan stale", async () => {
  const { machine, home } = await played();
  const { plan_id } = await home.plan({ pool: "tank", action: "start" });
  machine.tank.zpool(["scrub"], ["tank"]);
  expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "stale" });
});

describe("an order whose answer was lost", () => {
  const lost = () => {
    throw new StewardError("timeout", "zpool did not end in time.", "Look at the machine.");
  };

  test("is done, if the pool shows it", async () => {
    const { machine, home } = await played();
    const { plan_id } = await home.plan({ pool: "tank", action: "start" });
    machine.after = (command) => command === "zpool scrub tank" && lost();
    expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "done" });
  });

  test("is not said to be done, if the pool does not", async () => {
    const { machine, home } = await played();
    const { plan_id } = await home.plan({ pool: "tank", action: "start" });
    machine.before = (command) => command === "zpool scrub tank" && lost();
    expect(await home.approveAndApply(plan_id)).toMatchObject({
      status: "rolled_back",
      results: [{ why: expect.stringContaining("tank shows no scrub.") }],
    });
  });
});

test("a refusal leaves the pool as it was", async () => {
  const { machine, home } = await played();
  const { plan_id } = await home.plan({ pool: "tank", action: "start" });
  machine.before = (command) => {
    if (command !== "zpool scrub tank") return;
    throw new StewardError("refused", "sudo asks for a password.", "Install the sudoers lines.");
  };
  expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "rolled_back" });
  expect(machine.tank.scan).toBeNull();
});
