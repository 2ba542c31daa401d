import { expect, test } from "vitest";
import { type Mending, mendable, mended } from "../../../src/analysis/permissions/fix/mend.ts";
import type { FileEntry } from "../../../src/systems/files/port.ts";

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
const mending = (by_lists: boolean): Mending => ({
  checks: new Set(mendable),
  owner: { uid: 10, gid: 10 },
  hands_over: null,
  viewer: { container: "app", uid: 10, gids: new Set([10]), writable: true, path: "/t" },
  admins: new Set([950]),
  by_lists,
});

test.each([
  { what: "an admin's", one: entry(0o644, 950), by_mode: [10, 10, 0o644], by_list: [10, 10, 0o644] },
  { what: "open to all", one: entry(0o666, 10), by_mode: [10, 20, 0o664], by_list: null },
  { what: "open to all and an admin's", one: entry(0o666, 950), by_mode: [10, 10, 0o664], by_list: [10, 10, 0o666] },
  { what: "that its container can't read", one: entry(0o600, 11), by_mode: [10, 10, 0o600], by_list: null },
  { what: "with setuid, an admin's", one: entry(0o4755, 950), by_mode: [10, 10, 0o755], by_list: null },
])("one $what: by its mode, or owner alone where NFSv4 lists decide", ({ one, by_mode, by_list }) => {
  const after = (by_lists: boolean) => {
    const to = mended(one, mending(by_lists));
    return to && [to.uid, to.gid, to.mode];
  };
  expect([after(false), after(true)]).toEqual([by_mode, by_list]);
});
