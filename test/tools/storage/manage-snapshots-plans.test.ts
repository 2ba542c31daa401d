import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StewardError } from "../../../src/shared/errors.ts";
import { manageSnapshots } from "../../../src/tools/storage/manage-snapshots.ts";
import type { ZfsRig } from "../../systems/zfs/changes-contract.ts";
import { playedRig } from "../../systems/zfs/changes-rigs.ts";
import { PlayedZfs } from "../../systems/zfs/played-zfs.ts";
import { openZfsHouse, type ZfsHouse } from "./zfs-house.ts";

const MB = 1_000_000;
/** 2026-11-22 15:04:05 UTC */
const now = Date.UTC(2026, 10, 22, 15, 4, 5);
const clock = { now: () => now, monotonic: () => performance.now(), sleep: async () => {} };

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});
async function house(hosts: Record<string, ZfsRig>): Promise<ZfsHouse> {
  const opened = await openZfsHouse(manageSnapshots, hosts, clock);
  closing.push(...Object.values(hosts).map((rig) => () => rig.close()), () => opened.close());
  return opened;
}

describe("over a shell", () => {
  let machine: PlayedZfs;
  let home: ZfsHouse;
  beforeEach(async () => {
    machine = new PlayedZfs();
    home = await house({ nas: await playedRig(machine) });
  });
  const plan = (args: object) => home.plan({ dataset: "tank/data", ...args });
  const refusal = (args: object) =>
    plan(args).then(
      () => "planned",
      (error) => (error instanceof StewardError ? `${error.code}: ${error.message} ${error.fix}` : String(error)),
    );
  const take = (name: string, bytes = MB) => {
    machine.write("tank/data", bytes);
    machine.zfs(["snapshot", "--", `tank/data@${name}`], [`tank/data@${name}`]);
    return machine.snapshot(`tank/data@${name}`);
  };

  test("a deletion tells what is lost: each one's own bytes, and what all of them together free", async () => {
    take("auto-1").used = 2 * MB;
    take("auto-2").used = 5 * MB;
    take("last");
    const { changes, warnings } = await plan({ action: "delete", snapshot: "auto-*" });
    expect(changes).toEqual([
      "tank/data: 2 of 3 snapshots deleted; 7.0 MB that only they hold is lost",
      "tank/data@auto-1, taken 2026-11-18 11:06 UTC, 2.0 MB that only it holds",
      "tank/data@auto-2, taken 2026-11-18 11:06 UTC, 5.0 MB that only it holds",
    ]);
    expect(warnings).toEqual([]);
    expect((await plan({ action: "delete", snapshot: "*" })).warnings).toEqual(["No snapshot of tank/data remains."]);
  });

  test("held ones, cloned ones and those too new are left out, and said", async () => {
    take("auto-1").holds.push("backup");
    take("auto-2");
    machine.addDataset("tank/copy", "tank/data@auto-2");
    take("auto-3").created -= 3 * 86_400;
    take("auto-4");
    const { steps, warnings } = await plan({ action: "delete", snapshot: "auto-*" });
    expect(steps).toHaveLength(2);
    expect(warnings).toEqual([
      "Not in this plan: tank/data@auto-1, because it is held (backup).",
      "Not in this plan: tank/data@auto-2, because tank/copy is cloned from it.",
    ]);
    // auto-4 was taken four days before, auto-3 seven.
    expect((await plan({ action: "delete", snapshot: "auto-*", older_than_days: 5 })).steps).toEqual([
      expect.stringContaining("Delete tank/data@auto-3"),
    ]);
  });

  test("no more bytes than the owner allows a plan", async () => {
    take("a").used = 1_000_001 * MB;
    expect(await refusal({ action: "delete", snapshot: "a" })).toMatch(
      /^refused: This would touch 1000001000000 bytes; the owner allows 1000000000000 a plan/,
    );
  });

  test("at most a hundred at once, the oldest first", async () => {
    for (let i = 0; i < 103; i += 1) take(`auto-${String(i).padStart(3, "0")}`, 0);
    const { steps, warnings } = await plan({ action: "delete", snapshot: "auto-*" });
    expect(steps).toHaveLength(100);
    expect(steps[0]).toContain("auto-000");
    expect(warnings).toEqual(["3 more are meant: plan again after these."]);
  });

  test("what can't be is said when it is planned", async () => {
    take("a");
    expect(await refusal({ action: "delete", snapshot: "b" })).toBe(
      "not_found: tank/data has no snapshot of that name. Its newest are: a.",
    );
    expect(await refusal({ action: "delete", snapshot: "b*" })).toMatch(
      /^not_found: No snapshot of tank\/data is meant/,
    );
    expect(await refusal({ action: "delete" })).toMatch(/^bad_input: Which snapshot is meant is not said/);
    expect(await refusal({ action: "rollback", snapshot: "a" })).toBe(
      "nothing_to_do: Nothing was written to tank/data since then. It is as it was.",
    );
    expect(await refusal({ action: "release", snapshot: "a" })).toMatch(/^nothing_to_do: tank\/data@a is not held/);
    expect(await refusal({ action: "create", snapshot: "a" })).toMatch(/^conflict: There is a snapshot tank\/data@a/);
    expect(await refusal({ action: "create", snapshot: "a b" })).toMatch(/^unsupported: A name with a space/);
    expect(await refusal({ action: "create", snapshot: "a@b" })).toMatch(/^bad_input: That is no name/);
    expect(await refusal({ action: "clone", snapshot: "a" })).toMatch(/^bad_input: What the clone is to be called/);
    expect(await refusal({ action: "clone", snapshot: "a", to: "other/copy" })).toMatch(/^bad_input: A clone lies in/);
    expect(await refusal({ action: "clone", snapshot: "a", to: "tank/vm" })).toMatch(/^conflict: There is a dataset/);
    expect(await refusal({ action: "clone", snapshot: "a", to: "tank/none/x" })).toMatch(/^not_found: There is no dat/);
    expect(await refusal({ action: "create", dataset: "tank/none" })).toMatch(/^not_found: /);
    expect(await refusal({ action: "create", dataset: "pool/none" })).toMatch(/^not_found: /);
  });

  test("a rollback is refused where a newer snapshot is held or cloned: then nothing at all is deleted", async () => {
    for (const name of ["old", "new", "newest"]) take(name);
    machine.snapshot("tank/data@new").holds.push("offsite");
    expect(await refusal({ action: "rollback", snapshot: "old" })).toMatch(
      /^conflict: tank\/data can't be rolled back: tank\/data@new is newer and would have to go, but it is held \(offsite\)/,
    );
    machine.snapshot("tank/data@new").holds = [];
    machine.addDataset("tank/copy", "tank/data@newest");
    expect(await refusal({ action: "rollback", snapshot: "old" })).toMatch(/but tank\/copy is cloned from it/);
    expect(machine.snapshots).toHaveLength(3);
  });

  test("nor where a newer bookmark stands in its way, which ZFS would notice only at the end", async () => {
    take("old");
    machine.bookmarks.set("tank/data#sent", 1);
    take("new");
    expect(await refusal({ action: "rollback", snapshot: "old" })).toBe("planned");
    machine.bookmarks.set("tank/data#sent", machine.txg);
    expect(await refusal({ action: "rollback", snapshot: "old" })).toMatch(
      /^conflict: tank\/data can't be rolled back: the bookmark tank\/data#sent is newer/,
    );
  });

  test("a rollback tells all that was written since, also what only newer snapshots hold", async () => {
    take("old");
    take("new", 30 * MB);
    machine.write("tank/data", 12 * MB);
    const { changes, warnings } = await plan({ action: "rollback", snapshot: "old" });
    expect(changes).toEqual([
      "tank/data: as it was at 2026-11-18 11:06 UTC (old); 42.0 MB written since then is lost",
      "deleted: tank/data@new, taken 2026-11-18 11:06 UTC, 0 B that only it holds",
    ]);
    expect(warnings).toEqual([
      "Whatever uses it sees its files change under it: stop that first, start it again after.",
      "Datasets below it stay as they are: 1.",
    ]);
  });

  test("what other programs write meanwhile is no other plan, until it is much more", async () => {
    take("old");
    machine.write("tank/data", 10 * MB);
    const little = await plan({ action: "rollback", snapshot: "old" });
    machine.write("tank/data", 60 * MB);
    const much = await plan({ action: "rollback", snapshot: "old" });
    machine.write("tank/data", 100 * MB);
    expect(await home.approveAndApply(much.plan_id, "tank/data")).toMatchObject({ status: "stale" });
    machine.dataset("tank/data").written = 70 * MB;
    expect(await home.approveAndApply(little.plan_id, "tank/data")).toMatchObject({ status: "done" });
  });

  test.each([
    ["a newer snapshot", () => take("meanwhile")],
    ["a hold", () => machine.snapshot("tank/data@new").holds.push("x")],
    ["a clone", () => machine.addDataset("tank/copy", "tank/data@new")],
    ["another snapshot of that name", () => Object.assign(machine.snapshot("tank/data@new"), { guid: "77" })],
    ["another dataset of that name", () => Object.assign(machine.dataset("tank/data"), { guid: "78" })],
  ])("%s meanwhile makes a rollback stale", async (_, meanwhile) => {
    take("old");
    take("new");
    const { plan_id } = await plan({ action: "rollback", snapshot: "old" });
    meanwhile();
    expect(await home.approveAndApply(plan_id, "tank/data")).toMatchObject({ status: "stale" });
    expect(machine.snapshots.length).toBeGreaterThanOrEqual(2);
  });

  describe("an answer that was lost", () => {
    const lost = (line: RegExp) => (command: string) => {
      if (line.test(command)) throw new StewardError("unreachable", "The connection was cut.", "Try again.");
    };

    test("of a deletion that was made, is made up for by reading", async () => {
      take("a");
      const { plan_id } = await plan({ action: "delete", snapshot: "a" });
      machine.after = lost(/^zfs destroy tank/);
      expect(await home.approveAndApply(plan_id, "tank/data@a")).toMatchObject({ status: "done" });
    });

    test("of one that was not made, is no deletion", async () => {
      take("a");
      const { plan_id } = await plan({ action: "delete", snapshot: "a" });
      machine.before = lost(/^zfs destroy tank/);
      expect(await home.approveAndApply(plan_id, "tank/data@a")).toMatchObject({
        status: "rolled_back",
        results: [{ why: expect.stringContaining("All 1 are there.") }],
      });
    });

    test("of the second of three, whose machine stays away, says how many are gone", async () => {
      for (const name of ["a", "b", "c"]) take(name);
      const { plan_id } = await plan({ action: "delete", snapshot: "*" });
      machine.before = (command) => {
        if (command === "zfs destroy tank/data@b")
          throw new StewardError("refused", "sudo asks for a password.", "Install the sudoers lines.");
      };
      expect(await home.approveAndApply(plan_id, "tank/data")).toMatchObject({
        status: "failed",
        results: [{ outcome: "failed", why: expect.stringContaining("Now: 1 of 3 are deleted.") }],
      });
      expect(machine.snapshots.map(({ name }) => name)).toEqual(["b", "c"]);
    });

    test("of a rollback that was made, is seen by what is gone", async () => {
      take("old");
      machine.write("tank/data", 500 * MB);
      const { plan_id } = await plan({ action: "rollback", snapshot: "old" });
      machine.after = lost(/^zfs rollback/);
      expect(await home.approveAndApply(plan_id, "tank/data")).toMatchObject({ status: "done" });
    });

    test("of a rollback of little, is never called done, and never undone", async () => {
      take("old");
      machine.write("tank/data", 1000);
      const { plan_id } = await plan({ action: "rollback", snapshot: "old" });
      machine.after = lost(/^zfs rollback/);
      expect(await home.approveAndApply(plan_id, "tank/data")).toMatchObject({
        status: "failed",
        results: [{ why: expect.stringContaining("Whether the data were rolled back can't be told: look at them.") }],
      });
    });

    test("of a snapshot and of a clone that were made, is made up for by reading", async () => {
      take("a");
      for (const [args, line] of [
        [{ action: "create", snapshot: "b" }, /^zfs snapshot/],
        [{ action: "hold", snapshot: "a" }, /^zfs hold home/],
        [{ action: "release", snapshot: "a" }, /^zfs release/],
        [{ action: "clone", snapshot: "a", to: "tank/copy" }, /^zfs clone/],
      ] as const) {
        const { plan_id } = await plan(args);
        machine.after = lost(line);
        expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "done" });
        machine.after = () => {};
      }
    });
  });

  test("another snapshot under a name of the plan is left alone, also in the middle of it", async () => {
    for (const name of ["a", "b"]) take(name);
    const { plan_id } = await plan({ action: "delete", snapshot: "*" });
    machine.after = (command) => {
      if (command === "zfs destroy tank/data@a") machine.snapshot("tank/data@b").guid = "77";
    };
    expect(await home.approveAndApply(plan_id, "tank/data")).toMatchObject({
      status: "failed",
      results: [{ why: expect.stringContaining("tank/data@b is not what it was when this was planned.") }],
    });
    expect(machine.snapshots.map(({ name }) => name)).toEqual(["b"]);
  });

  test("what was taken by somebody else under the planned name is left alone", async () => {
    const { plan_id } = await plan({ action: "create", snapshot: "mine" });
    machine.before = (command) => {
      if (command !== "zfs snapshot tank/data@mine") return;
      machine.before = () => {};
      take("mine");
    };
    const { status } = await home.approveAndApply(plan_id);
    expect(status).toBe("failed");
    expect(machine.snapshots.map(({ name }) => name)).toEqual(["mine"]);
  });
});
