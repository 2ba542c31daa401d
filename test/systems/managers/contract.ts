import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manager, ManagerChanges, ProjectRef } from "../../../src/systems/managers/port.ts";

/** A manager with one running project, "ix-shop" or whatever its kind calls it, of the services web and db. */
export interface ManagerRig {
  manager: Manager;
  changes: ManagerChanges;
  ref: ProjectRef;
  /** The image ids that its services run, by the engine's own word; nothing where no engine has them. */
  running(): Promise<Record<string, string>>;
  /** Lets web's tag mean another image here, as a pull would. Answers its id. */
  moveTag(): Promise<string>;
  /** What of the calls so far does not fit the published contract; null where that is not here. */
  misfits(): string[] | null;
  close(): Promise<void>;
}

export const quietly = { services: ["web"], onProgress: () => {} };

/** What tools may believe of every manager. `open` is called once. */
export function managerContract(title: string, open: () => Promise<ManagerRig>, more: (rig: () => ManagerRig) => void) {
  describe(title, () => {
    let rig: ManagerRig;
    beforeAll(async () => {
      rig = await open();
    });
    afterAll(() => rig?.close());

    it("reads a project that runs, the same twice", async () => {
      const first = await rig.manager.read(rig.ref);
      expect(first).toMatchObject({ state: "running", busy: false });
      expect(first.deployed).toMatch(/^[A-Za-z0-9._:+-]{1,100}$/);
      expect(await rig.manager.read(rig.ref)).toEqual(first);
    });

    it("knows nothing of a project that is not its own", async () => {
      const none = { project: "ix-nothing", files: ["/data/compose/99/docker-compose.yml"], folder: "" };
      await expect(rig.manager.read(none)).rejects.toMatchObject({ code: "not_found" });
      await expect(rig.changes.redeploy(none, quietly)).rejects.toMatchObject({ code: "not_found" });
    });

    it("makes the containers again from what their tags mean here, and leaves the definition", async () => {
      const before = await rig.manager.read(rig.ref);
      const was = await rig.running();
      const image = await rig.moveTag();
      await rig.changes.redeploy(rig.ref, quietly);
      const now = await rig.running();
      if (Object.keys(was).length > 0) expect(now).toEqual({ ...was, web: image });
      expect(await rig.manager.read(rig.ref)).toEqual(before);
    });

    more(() => rig);

    it("asked and was answered as its maker declares it", (test) => {
      const misfits = rig.misfits();
      if (misfits === null) test.skip("skipped: the published contracts are not here");
      expect(misfits).toEqual([]);
    });
  });
}
