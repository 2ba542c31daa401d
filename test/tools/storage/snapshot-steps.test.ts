import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/shared/json.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { snapshotSteps } from "../../../src/tools/storage/snapshots/steps.ts";
import { noChanges, noSystems } from "../../support/no-systems.ts";
import { playedRig } from "../../systems/zfs/changes-rigs.ts";
import { PlayedZfs } from "../../systems/zfs/played-zfs.ts";

/** Undone whether it never ran, half ran or ran, and twice; what is somebody else's stays. */
describe("the way back of a step", () => {
  let machine: PlayedZfs;
  let run: Parameters<(typeof snapshotSteps)["create"]["does"]>[1];
  beforeEach(async () => {
    machine = new PlayedZfs();
    const rig = await playedRig(machine);
    run = {
      authorised: { planId: "p-1", digest: "" },
      changes: { ...noChanges, zfs: fleet("zfs", ["nas"], () => rig.changing) },
      systems: { ...noSystems, zfs: fleet("zfs", ["nas"], () => rig.reading) },
      signal: new AbortController().signal,
      say: () => {},
    };
  });
  const take = (id: string) => machine.zfs(["snapshot", "--"], [id]);
  const names = () => machine.snapshots.map(({ dataset, name }) => `${dataset}@${name}`);
  const host = "nas";
  async function undone(step: keyof typeof snapshotSteps, args: JsonObject, outcome?: JsonObject) {
    await snapshotSteps[step].undoes({ host, ...args }, outcome, run);
    await snapshotSteps[step].undoes({ host, ...args }, outcome, run);
  }

  test("deletes exactly what was taken, of all datasets", async () => {
    const args = { snapshot: "tank/data@a", recursive: true };
    take("tank/vm@a");
    const outcome = await snapshotSteps.create.does({ host, ...args }, run);
    expect(names()).toEqual(["tank/vm@a", "tank/data@a", "tank/data/sub@a"]);
    machine.snapshot("tank/data/sub@a").guid = "somebody else's";
    await undone("create", args, outcome);
    expect(names()).toEqual(["tank/vm@a", "tank/data/sub@a"]);
  });

  test("leaves a snapshot of which nobody knows who took it", async () => {
    take("tank/data@a");
    await undone("create", { snapshot: "tank/data@a" });
    await undone("mark", { snapshot: "tank/data@a" });
    expect(names()).toEqual(["tank/data@a"]);
  });

  test("releases what was held, and holds what was released", async () => {
    take("tank/data@a");
    const args = { snapshot: "tank/data@a", tag: "keep" };
    const holds = () => machine.snapshot("tank/data@a").holds;
    await undone("hold", args);
    expect(holds()).toEqual([]);
    const held = await snapshotSteps.hold.does({ host, ...args }, run);
    await undone("release", args);
    expect(holds()).toEqual(["keep"]);
    await undone("hold", args, held);
    expect(holds()).toEqual([]);
    await undone("release", args, {});
    expect(holds()).toEqual(["keep"]);
    await undone("release", { ...args, snapshot: "tank/data@gone" });
  });

  test("removes a clone of this very snapshot only", async () => {
    take("tank/data@a");
    take("tank/data@b");
    const args = { snapshot: "tank/data@a", to: "tank/copy" };
    await undone("clone", args);
    machine.addDataset("tank/copy", "tank/data@b");
    await undone("clone", args);
    expect(machine.dataset("tank/copy").origin).toBe("tank/data@b");
    machine.dataset("tank/copy").origin = "tank/data@a";
    await undone("clone", args);
    expect(machine.datasets.map(({ name }) => name)).not.toContain("tank/copy");
  });

  test("is none for what is deleted and rolled back", async () => {
    take("tank/data@a");
    const args = { snapshot: "tank/data@a", guid: machine.snapshot("tank/data@a").guid };
    machine.commands = [];
    await undone("delete", args, {});
    await undone("rollback", args, {});
    expect(machine.commands).toEqual([]);
  });
});
