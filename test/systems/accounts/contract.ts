import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccountChanges, Accounts } from "../../../src/systems/accounts/port.ts";

/** A machine with accounts, real or played, that has nobody called hs-shop and nothing with the number 3141. */
export interface AccountsRig {
  reading: Accounts;
  changing: AccountChanges;
  /** Has what was made be another's: the same name, another number. */
  renumber(name: string, id: number): Promise<void>;
  close(): Promise<void>;
}

const shop = { name: "hs-shop", id: 3141 };
const conflict = { code: "conflict" };

/** What every way to make accounts must do, and a simulated one as a real one does it. */
export function accountsContract(title: string, open: () => Promise<AccountsRig>): void {
  describe(title, () => {
    let rig: AccountsRig;
    beforeEach(async () => {
      rig = await open();
    });
    afterEach(() => rig?.close());
    const there = async () => {
      const { users, groups } = await rig.reading.read();
      return {
        users: users.filter(({ name, uid }) => name === "hs-shop" || uid === 3141),
        groups: groups
          .filter(({ name, gid }) => name === "hs-shop" || gid === 3141)
          .map(({ name, gid }) => ({ name, gid })),
      };
    };
    const nobody = { users: [], groups: [] };

    it("lists root, and makes a user with a group of its own number, and removes both again", async () => {
      const before = await rig.reading.read();
      expect(before.users).toContainEqual({ name: "root", uid: 0, gid: 0 });
      await rig.changing.create(shop);
      expect(await there()).toEqual({
        users: [{ name: "hs-shop", uid: 3141, gid: 3141 }],
        groups: [{ name: "hs-shop", gid: 3141 }],
      });
      await rig.changing.remove(shop);
      expect(await rig.reading.read()).toEqual(before);
    });

    it("removes nothing twice", async () => {
      await rig.changing.remove(shop);
      await rig.changing.create(shop);
      await rig.changing.remove(shop);
      await rig.changing.remove(shop);
      expect(await there()).toEqual(nobody);
    });

    it("takes no name and no number that somebody has", async () => {
      await rig.changing.create(shop);
      await expect(rig.changing.create(shop)).rejects.toMatchObject(conflict);
      await expect(rig.changing.create({ name: "hs-other", id: 3141 })).rejects.toMatchObject(conflict);
      await expect(rig.changing.create({ name: "hs-shop", id: 3142 })).rejects.toMatchObject(conflict);
      expect((await rig.reading.read()).users.filter(({ name }) => name.startsWith("hs-"))).toEqual([
        { name: "hs-shop", uid: 3141, gid: 3141 },
      ]);
    });

    it("leaves an account alone that is not as it was made", async () => {
      await rig.changing.create(shop);
      await rig.renumber("hs-shop", 3150);
      await expect(rig.changing.remove(shop)).rejects.toMatchObject(conflict);
      await expect(rig.changing.create({ name: "hs-other", id: 3150 })).rejects.toMatchObject(conflict);
      expect((await there()).users).toEqual([{ name: "hs-shop", uid: 3150, gid: 3141 }]);
    });
  });
}
