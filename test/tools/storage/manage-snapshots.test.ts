import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { releases } from "../../../src/demo/truenas/model.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { manageSnapshots } from "../../../src/tools/storage/manage-snapshots.ts";
import type { ZfsRig } from "../../systems/zfs/changes-contract.ts";
import { playedRig, truenasRig } from "../../systems/zfs/changes-rigs.ts";
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

const ways: [string, () => Promise<ZfsRig>][] = [
  ["a shell", () => playedRig()],
  ...releases.map((release): [string, () => Promise<ZfsRig>] => [`TrueNAS ${release}`, () => truenasRig(release)]),
];

describe.each(ways)("through %s", (_, open) => {
  let rig: ZfsRig;
  let home: ZfsHouse;
  beforeEach(async () => {
    rig = await open();
    home = await house({ nas: rig });
  });
  const run = async (args: object, typed?: string) => {
    const { plan_id, risk } = await home.plan({ dataset: rig.dataset, ...args });
    const { status, results } = await home.approveAndApply(plan_id, typed);
    return { risk, status, why: results?.[0]?.why };
  };
  const names = async () => (await rig.reading.lineage(rig.dataset)).snapshots.map(({ name }) => name.split("@")[1]);

  test("takes one, holds it, releases it, clones it: each approved, each proven", async () => {
    const at = `${rig.dataset}@home-steward-2026-11-22_15-04-05`;
    const tag = rig.reading.rules.hold_tag ?? "home-steward";
    expect(await run({ action: "create", recursive: true })).toEqual({
      risk: "reversible",
      status: "done",
      why: `${at} is there.`,
    });
    expect((await rig.reading.snapshots({ dataset: rig.below })).map(({ name }) => name)).toEqual([
      at.replace(rig.dataset, rig.below),
    ]);
    const snapshot = at.split("@")[1];
    expect(await run({ action: "hold", snapshot })).toEqual({
      risk: "reversible",
      status: "done",
      why: `${at} is held with ${tag}.`,
    });
    await expect(run({ action: "delete", snapshot })).rejects.toMatchObject({
      code: "conflict",
      message: `${at} can't be deleted: it is held (${tag}).`,
    });
    expect(await run({ action: "release", snapshot })).toEqual({
      risk: "disruptive",
      status: "done",
      why: `${at} is not held with ${tag}.`,
    });
    const to = `${rig.pool}/copy`;
    expect(await run({ action: "clone", snapshot, to })).toEqual({
      risk: "reversible",
      status: "done",
      why: `${to} is a clone of ${at}.`,
    });
    await expect(run({ action: "delete", snapshot })).rejects.toMatchObject({
      code: "conflict",
      message: `${at} can't be deleted: ${to} is cloned from it.`,
    });
  });

  test("deletes what a person typed the name of, and nothing else", async () => {
    for (const name of ["auto-1", "auto-2", "keep", "auto-3"]) {
      await rig.write(rig.dataset, 3 * MB);
      await rig.changing.createSnapshot(`${rig.dataset}@${name}`, false);
    }
    const plan = await home.plan({ dataset: rig.dataset, action: "delete", snapshot: "auto-*" });
    expect(plan).toMatchObject({
      title: `Delete 3 snapshots of ${rig.dataset} on nas`,
      risk: "destructive",
      targets: [{ kind: "dataset", host: "nas", name: rig.dataset }],
      steps: ["auto-1", "auto-2", "auto-3"].map((name) => expect.stringContaining(`Delete ${rig.dataset}@${name}`)),
      undo: "It can't be undone: a deleted snapshot is gone for good.",
    });
    await expect(home.approveAndApply(plan.plan_id, "something else")).rejects.toMatchObject({ code: "refused" });
    expect(await names()).toHaveLength(4);
    expect(await home.approveAndApply(plan.plan_id, rig.dataset)).toMatchObject({
      status: "done",
      results: [{ why: `3 of 3 are deleted; 1 of ${rig.dataset} remain.` }],
    });
    expect(await names()).toEqual(["keep"]);
  });

  test("rolls back: newer ones go one by one, then the data, and a mark is left", async () => {
    for (const name of ["good", "bad", "worse"]) {
      await rig.changing.createSnapshot(`${rig.dataset}@${name}`, false);
      await rig.write(rig.dataset, 4 * MB);
    }
    const before = await rig.reading.lineage(rig.dataset);
    const plan = await home.plan({ dataset: rig.dataset, action: "rollback", snapshot: "good" });
    expect(plan).toMatchObject({ title: `Roll ${rig.dataset} on nas back to good`, risk: "destructive" });
    expect(plan.steps.map((step) => step.replace(/^\d+\. /, ""))).toEqual([
      expect.stringContaining(`Delete ${rig.dataset}@worse`),
      expect.stringContaining(`Delete ${rig.dataset}@bad`),
      expect.stringContaining(`Roll ${rig.dataset} back to good`),
      expect.stringContaining("Take home-steward-rolled-back-2026-11-22_15-04-05"),
    ]);
    expect((await rig.reading.lineage(rig.dataset)).snapshots).toEqual(before.snapshots);
    expect(await home.approveAndApply(plan.plan_id, rig.dataset)).toMatchObject({
      status: "done",
      results: [
        {
          why: `It was rolled back to ${rig.dataset}@good; home-steward-rolled-back-2026-11-22_15-04-05 was taken right after.`,
        },
      ],
    });
    const after = await rig.reading.lineage(rig.dataset);
    expect(before.referenced_bytes - after.referenced_bytes).toBeGreaterThanOrEqual(11 * MB);
    expect(await names()).toEqual(["good", "home-steward-rolled-back-2026-11-22_15-04-05"]);
  });
});

test("what TrueNAS does not tell is said: at least so much, at most so much", async () => {
  const rig = await truenasRig("25.10");
  const home = await house({ nas: rig });
  for (const name of ["a", "b"]) await rig.changing.createSnapshot(`${rig.dataset}@${name}`, false);
  for (const one of rig.fake.nas.snapshots) if (one.dataset === rig.dataset) one.used_bytes = 2 * MB;
  const deletion = await home.plan({ dataset: rig.dataset, action: "delete", snapshot: "*" });
  expect(deletion.changes[0]).toBe(
    "personal/data: 2 of 2 snapshots deleted; at least 4.0 MB that only they hold is lost",
  );
  const rollback = await home.plan({ dataset: rig.dataset, action: "rollback", snapshot: "a" });
  expect(rollback.changes[0]).toMatch(/; at least 2\.0 MB written since then is lost$/);
  expect(rollback.warnings).toContain(
    "TrueNAS does not tell what was written since the newest snapshot: at most 400 GB.",
  );
});

test("copies elsewhere are known by their guid; a replication that would lose its start is named", async () => {
  const [nas, attic] = [new PlayedZfs(), new PlayedZfs()];
  const home = await house({ nas: await playedRig(nas), attic: await playedRig(attic) });
  for (const name of ["daily-1", "daily-2"]) {
    nas.zfs(["snapshot", "--"], [`tank/data@${name}`]);
    attic.zfs(["snapshot", "--"], [`tank/vm@${name}`]);
    attic.snapshot(`tank/vm@${name}`).guid = nas.snapshot(`tank/data@${name}`).guid;
  }
  nas.zfs(["snapshot", "--"], ["tank/data@daily-3"]);
  const args = { host: "nas", dataset: "tank/data", action: "delete" };
  expect((await home.plan({ ...args, snapshot: "daily-2" })).warnings).toEqual([]);
  expect((await home.plan({ ...args, snapshot: "*" })).warnings).toEqual([
    "No snapshot of tank/data remains.",
    "tank/vm on attic has no snapshot in common with tank/data then: replicating to it has to start anew.",
  ]);
});

test("a host that does not answer is named where it may have copies", async () => {
  const machine = new PlayedZfs();
  machine.zfs(["snapshot", "--"], ["tank/data@a"]);
  const silent = await playedRig();
  const reading = {
    ...silent.reading,
    snapshots: async (): Promise<never> => {
      throw new StewardError("unreachable", "It does not answer.", "Switch it on.");
    },
  };
  const home = await house({ nas: await playedRig(machine), attic: { ...silent, reading } });
  expect((await home.plan({ host: "nas", dataset: "tank/data", action: "delete", snapshot: "a" })).warnings).toContain(
    "Whether attic has copies can't be told: it does not answer.",
  );
});
