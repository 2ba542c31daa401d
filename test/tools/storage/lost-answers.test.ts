import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Tool } from "../../../src/tools/define.ts";
import { manageSnapshots } from "../../../src/tools/storage/manage-snapshots.ts";
import { runScrub } from "../../../src/tools/storage/run-scrub.ts";
import { truenasRig } from "../../systems/zfs/changes-rigs.ts";
import { openZfsHouse, type ZfsHouse } from "./zfs-house.ts";

/** The connection to TrueNAS is cut after it did what it was told, and before it could say so. */
describe.each(["24.04", "25.04", "26"] as const)("a cut connection to TrueNAS %s", (release) => {
  let rig: Awaited<ReturnType<typeof truenasRig>>;
  let home: ZfsHouse | undefined;
  beforeEach(async () => {
    rig = await truenasRig(release);
    for (const name of ["old", "new"]) await rig.changing.createSnapshot(`${rig.dataset}@${name}`, false);
  });
  afterEach(async () => {
    await home?.close();
    await rig.close();
  });
  /** @param cut the method whose answer is lost */
  async function outcome(tool: Tool, args: object, cut: RegExp, typed?: string) {
    home = await openZfsHouse(tool, { nas: rig });
    const { plan_id } = await home.plan(args);
    rig.fake.faults.set({ kind: "cut" }, { method: cut, times: 1 });
    const { status, results } = await home.approveAndApply(plan_id, typed);
    return { status, why: results?.[0]?.why };
  }
  const own = (action: string, more: object = {}) => ({ dataset: rig.dataset, action, ...more });
  const names = () => rig.fake.nas.snapshots.filter(({ dataset }) => dataset === rig.dataset).map(({ name }) => name);

  test.each([
    ["create", { snapshot: "more" }, /snapshot.create/],
    ["hold", { snapshot: "old" }, /snapshot.hold/],
    ["clone", { snapshot: "old", to: "personal/copy" }, /snapshot.clone/],
  ])("%s: seen by reading", async (action, more, cut) => {
    expect(await outcome(manageSnapshots, own(action, more), cut)).toMatchObject({ status: "done" });
  });

  test("delete: seen by reading, and each is deleted once", async () => {
    const args = own("delete", { snapshot: "*" });
    expect(await outcome(manageSnapshots, args, /snapshot.delete/, rig.dataset)).toMatchObject({ status: "done" });
    expect(names()).toEqual([]);
    const sent = rig.fake.exchanges.filter(({ method }) => method.endsWith("snapshot.delete"));
    expect(sent.map(({ params }) => params[0])).toEqual([`${rig.dataset}@old`, `${rig.dataset}@new`]);
  });

  test("rollback: nobody can tell, so it is not called done, and what is gone is said", async () => {
    await rig.write(rig.dataset, 9_000_000);
    const { status, why } = await outcome(
      manageSnapshots,
      own("rollback", { snapshot: "old" }),
      /snapshot.rollback/,
      rig.dataset,
    );
    expect(status).toBe("failed");
    expect(why).toContain("The change may have been made.");
    expect(why).toContain("1 of 1 newer snapshots are deleted. Whether the data were rolled back can't be told");
  });

  test("a scrub that began: seen by reading; its job went on meanwhile", async () => {
    const start = { pool: "personal", action: "start" };
    expect(await outcome(runScrub, start, /scrub/)).toEqual({
      status: "done",
      why: "The scrub of personal is running.",
    });
  });

  test("one that did not: not called done", async () => {
    home = await openZfsHouse(runScrub, { nas: rig });
    const { plan_id } = await home.plan({ pool: "personal", action: "start" });
    rig.fake.faults.set(
      { kind: "error", errname: "EBUSY", reason: "[EBUSY] Scrub is already in progress" },
      { method: /pool.scrub/, times: 1 },
    );
    expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "rolled_back" });
  });
});
