import { describe, expect, test } from "vitest";
import { loses, type Mending, mendable, mended } from "../../../src/analysis/permissions/fix/mend.ts";
import type { AccessList, Ace, FileEntry } from "../../../src/systems/files/port.ts";

const entry = (mode: number, uid: number, type = "f"): FileEntry => ({
  type,
  mode,
  uid,
  gid: 20,
  device: 1,
  inode: 1,
  links: 1,
  path: Buffer.from("/t/a"),
});
const viewer = { container: "app", uid: 10, gids: new Set([10]), writable: true, path: "/t" };
const mending: Mending = {
  checks: new Set(mendable),
  owner: { uid: 10, gid: 10 },
  hands_over: null,
  viewer,
  admins: new Set([950]),
};
const ace = (who: Ace["who"], rights: number, id: number | null = null): Ace => {
  return { who, id, allows: true, rights, changes: (rights & 2) !== 0 };
};
const posix = (...here: Ace[]): AccessList => ({ kind: "posix", here, inside: [] });
const nfs = (...here: Ace[]): AccessList => ({ kind: "nfsv4", here, inside: [] });
const ownersOnly = nfs(ace("owner", 7));
const becomes = (one: FileEntry, list: AccessList | null) => {
  const to = mended({ entry: one, list }, mending);
  return to && [to.uid, to.gid, to.mode];
};

describe("one entry", () => {
  test.each([
    { what: "an admin's", one: entry(0o644, 950), by_mode: [10, 10, 0o644], by_list: [10, 10, 0o644] },
    { what: "open to all", one: entry(0o666, 10), by_mode: [10, 20, 0o664], by_list: null },
    { what: "open, an admin's", one: entry(0o666, 950), by_mode: [10, 10, 0o664], by_list: [10, 10, 0o666] },
    { what: "not to be read", one: entry(0o600, 11), by_mode: [10, 10, 0o600], by_list: [10, 10, 0o600] },
    { what: "not even by its owner", one: entry(0o200, 11), by_mode: [10, 10, 0o600], by_list: [10, 10, 0o200] },
    { what: "with setuid, an admin's", one: entry(0o4755, 950), by_mode: [10, 10, 0o755], by_list: null },
  ])("$what: mode and owner, but the owner alone where an NFSv4 list decides", ({ one, by_mode, by_list }) => {
    expect([becomes(one, null), becomes(one, ownersOnly)]).toEqual([by_mode, by_list]);
  });
  test("that its container may read by a list stays whose it is; one that a list keeps from it does not", () => {
    const let_in = posix(ace("user", 4, 10), ace("owning_group", 0), ace("mask", 4));
    const kept_out = posix(ace("user", 0, 10), ace("owning_group", 4), ace("mask", 4));
    expect([becomes(entry(0o640, 11), let_in), becomes(entry(0o644, 11), kept_out)]).toEqual([null, [10, 10, 0o644]]);
  });
  test("that no owner may read by its NFSv4 list is not given away for nothing", () => {
    expect(becomes(entry(0o644, 11), nfs(ace("group", 7, 27)))).toBe(null);
  });
  test("is lost to another container by what its list says", () => {
    const other = { ...viewer, uid: 12, gids: new Set([12]) };
    const change = { entry: entry(0o666, 11), to: { uid: 11, gid: 20, mode: 0o664 } };
    const named = posix(ace("user", 6, 12), ace("owning_group", 6), ace("mask", 6));
    const never = posix(ace("user", 0, 12), ace("owning_group", 6), ace("mask", 6));
    expect([null, named, never].map((list) => loses({ ...change, list }, other))).toEqual([true, false, false]);
  });
});
