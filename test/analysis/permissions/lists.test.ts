import { describe, expect, test } from "vitest";
import { treeFindings } from "../../../src/analysis/permissions/trees/findings.ts";
import { rightsByList } from "../../../src/analysis/permissions/trees/lists.ts";
import { tally } from "../../../src/analysis/permissions/trees/tally.ts";
import type { AccessList, Ace, FileEntry } from "../../../src/systems/files/port.ts";

const entry = (path: string, mode: number, type = "f"): FileEntry => ({
  type,
  mode,
  uid: 10,
  gid: 20,
  device: 1,
  inode: 1,
  links: 1,
  path: Buffer.from(path),
});
/** "user:1000:6"; "!" in front forbids, "+" behind may change more than its rights say. */
const ace = (text: string): Ace => {
  const [who = "", id = "", rights = "0"] = text.replace(/[!+]/g, "").split(":");
  const names = ["owner", "owning_group", "everyone", "user", "group", "mask"] as const;
  const bits = Number(rights);
  return {
    who: names.find((name) => name === who) ?? "mask",
    id: id === "" ? null : Number(id),
    allows: !text.startsWith("!"),
    rights: bits,
    changes: (bits & 2) !== 0 || text.endsWith("+"),
  };
};
const posix = (here: string[], inside: string[] = []): AccessList => ({
  kind: "posix",
  here: here.map(ace),
  inside: inside.map(ace),
});
const nfs = (here: string[], inside: string[] = []): AccessList => ({ ...posix(here, inside), kind: "nfsv4" });
const base = ["owner::6", "owning_group::4", "mask::6", "everyone::0"];

describe("what a user may by a list", () => {
  const rights = (list: AccessList, uid: number, gids: number[] | null) =>
    rightsByList(entry("/t/a", 0o764), list, { uid, gids: gids && new Set(gids) });
  const one = posix([...base, "user:11:7", "group:21:2", "user:12:0"]);
  test.each([
    ["its owner's, which no mask limits", posix(["owner::7", "mask::0", "everyone::0"]), 10, [1], 7],
    ["a named user's, within the mask", one, 11, [20], 6],
    ["a named user's nothing, though its group may", one, 12, [20], 0],
    ["of all its groups together", one, 13, [20, 21], 6],
    ["everybody's only where no group is its own", posix(["owning_group::0", "mask::7", "everyone::4"]), 13, [20], 0],
    ["everybody's", posix(["owning_group::0", "mask::0", "everyone::4"]), 13, [9], 4],
    ["not known where its groups are not", one, 13, null, null],
    ["known where it is named itself", one, 11, null, 6],
  ])("POSIX: %s", (_, list, uid, gids, expected) => {
    expect(rights(list, uid, gids)).toBe(expected);
  });
  test.each([
    ["the first that speaks of a right decides", nfs(["!user:11:2", "everyone::7"]), 11, [9], 5],
    ["in its order", nfs(["everyone::7", "!user:11:2"]), 11, [9], 7],
    ["of everybody, owner and groups, too", nfs(["owner::4", "everyone::2"]), 10, [9], 6],
    ["groups by number, and the owning one", nfs(["group:21:4", "owning_group::1"]), 13, [20, 21], 5],
    ["nothing where nobody speaks of it", nfs(["user:11:7"]), 13, [9], 0],
    ["not known where its groups are not", nfs(["group:21:4", "everyone::4"]), 13, null, null],
  ])("NFSv4: %s", (_, list, uid, gids, expected) => {
    expect(rights(list, uid, gids)).toBe(expected);
  });
});

describe("what lists say of a tree", () => {
  const viewer = { container: "app", uid: 11, gids: new Set([11]), writable: true, path: "/t" };
  const counted = (of: [FileEntry, AccessList][], listsFirst = false) => {
    const facts = tally([viewer], new Set());
    const add = () => facts.add(of.map(([one]) => one));
    if (!listsFirst) add();
    facts.addLists(of.map(([one, list]) => ({ entry: one, list })));
    if (listsFirst) add();
    return facts.facts();
  };
  const evidence = (of: [FileEntry, AccessList][]) => {
    const facts = counted(of);
    const report = { path: "/t", filesystem: "zfs", owner: "app", facts, acls: facts.lists, note: null };
    return treeFindings("app", [report])
      .filter(({ check }) => check === "acls")
      .map((found) => `${found.severity}: ${found.evidence}`);
  };

  test("who is named, and what for: what the mask takes away is none, nor what the mode says anyway", () => {
    expect(
      evidence([
        [entry("/t/a", 0o660), posix([...base, "user:1000:7", "group:27:4"])],
        [entry("/t/b", 0o660), posix([...base, "user:1000:6"])],
        [entry("/t/masked", 0o600), posix(["owner::6", "mask::0", "everyone::0", "user:1000:7"])],
        [entry("/t/extended", 0o666), posix(["owner::6", "owning_group::6", "mask::6", "everyone::6"])],
        [entry("/t/d", 0o755, "d"), posix([], ["owner::7", "user:1001:5", "mask::5", "everyone::0"])],
      ]),
    ).toEqual([
      "info: 3 whose access list says more than their mode in /t: user 1000 may write (2), group 27 may read (1), " +
        "user 1001 may read what is made inside (1); /t/a, /t/b, /t/d",
    ]);
  });
  test("everybody, where the mode does not show it, weighs more", () => {
    expect(evidence([[entry("/t/a", 0o750), nfs(["owner::7", "everyone::4+"])]])).toEqual([
      "warning: 1 whose access list says more than their mode in /t: everyone may write (1); /t/a",
    ]);
    expect(evidence([[entry("/t/a", 0o777), nfs(["owner::7", "everyone::7"])]])).toEqual([]);
    expect(evidence([[entry("/t/d", 0o755, "d"), posix([], ["everyone::7"])]])).toEqual([
      "warning: 1 whose access list says more than their mode in /t: everyone may write what is made inside (1); /t/d",
    ]);
    expect(evidence([[entry("/t/a", 0o750), nfs(["!user:1000:7", "!everyone::2"])]])).toEqual([]);
  });
  test.each([
    { first: false, examples: ["/t/made", "/t/other"] },
    { first: true, examples: ["/t/closed", "/t/other"] },
  ])("what a container can't read or write is judged by them, lists first: $first", ({ first, examples }) => {
    const { unreadable, unwritable, lists } = counted(
      [
        [entry("/t/opened", 0o660), posix([...base, "user:11:6"])],
        [entry("/t/closed", 0o664), posix(["owner::6", "user:11:0", "mask::6", "everyone::4"])],
        [entry("/t/other", 0o660), posix([...base, "user:12:6"])],
        [entry("/t/made", 0o770, "d"), posix([], ["user:11:7"])],
      ],
      first,
    );
    expect(unreadable.get("app")?.entries).toBe(3);
    expect(unreadable.get("app")?.examples.toSorted()).toEqual(examples);
    expect(unwritable.get("app")?.entries).toBe(3);
    expect(lists.entries).toBe(3);
  });
  test("a thousand corrections keep no names, and so none are told", () => {
    const many = Array.from({ length: 1_000 }, (_, n): [FileEntry, AccessList] => [
      entry(`/t/${n}`, 0o660),
      posix([...base, "user:11:6"]),
    ]);
    const { unreadable } = counted([...many, [entry("/t/closed", 0o660), posix([...base, "user:12:6"])]]);
    expect(unreadable.get("app")).toEqual({ entries: 1, examples: [] });
  });
});
