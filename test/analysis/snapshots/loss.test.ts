import { describe, expect, test } from "vitest";
import { copiesOf, cutOff } from "../../../src/analysis/snapshots/copies.ts";
import { aboutPlanned, deletionLoss, rollbackLoss, sayLoss } from "../../../src/analysis/snapshots/loss.ts";
import { checkName, stamp } from "../../../src/analysis/snapshots/names.ts";
import { line, snapshot } from "./lines.ts";

describe("what is lost", () => {
  test("by a deletion: what ZFS says, or at least the sum of what each holds alone", () => {
    const two = [snapshot("a", 1, { used_bytes: 5 }), snapshot("b", 2, { used_bytes: 6 })];
    expect(deletionLoss(two, 900)).toEqual({ bytes: 900, atLeast: false });
    expect(deletionLoss(two, null)).toEqual({ bytes: 11, atLeast: true });
    expect(deletionLoss(two.slice(1), null)).toEqual({ bytes: 6, atLeast: false });
    expect(sayLoss({ bytes: 11_000, atLeast: true })).toBe("at least 11.0 kB");
  });

  test("by a rollback: all that was written after, of newer snapshots and since the newest", () => {
    const [a, b, c] = [
      snapshot("a", 1),
      snapshot("b", 2, { written_bytes: 20 }),
      snapshot("c", 3, { written_bytes: 3 }),
    ];
    expect(rollbackLoss(line([a, b, c]), a)).toEqual({ bytes: 30, atLeast: false });
    expect(rollbackLoss(line([a, b, c]), c)).toEqual({ bytes: 7, atLeast: false });
    expect(rollbackLoss(line([a, b, c], { written_bytes: null }), b)).toEqual({ bytes: 3, atLeast: true });
  });

  test("a little more than planned is still what was approved, much more is not", () => {
    const MiB = 1024 * 1024;
    expect(aboutPlanned(0, 64 * MiB)).toBe(0);
    expect(aboutPlanned(0, 64 * MiB + 1)).toBe(64 * MiB + 1);
    expect(aboutPlanned(10_000 * MiB, 11_000 * MiB)).toBe(10_000 * MiB);
    expect(aboutPlanned(10_000 * MiB, 11_001 * MiB)).toBe(11_001 * MiB);
    expect(aboutPlanned(500, 3)).toBe(500);
  });
});

test("a copy is a snapshot of the same guid, in any other dataset of any host", () => {
  const own = [snapshot("a", 1), snapshot("b", 2)];
  const there = (dataset: string, one: (typeof own)[number], own_ = "x") => ({
    ...one,
    dataset,
    name: `${dataset}@${own_}`,
  });
  const [a = snapshot("", 1), b = snapshot("", 1)] = own;
  const copies = copiesOf("nas", "tank/data", own, [
    { host: "nas", snapshots: [...own, there("backup/data", a), snapshot("z", 3, { dataset: "tank/other" })] },
    { host: "attic", snapshots: [there("tank/data", a), there("tank/data", b, "y")] },
  ]);
  expect(copies.map(({ host, name }) => `${host} ${name}`)).toEqual([
    "nas backup/data@x",
    "attic tank/data@x",
    "attic tank/data@y",
  ]);
  expect(cutOff(copies, new Set([a.guid]))).toEqual([]);
  expect(cutOff(copies, new Set([b.guid]))).toEqual([{ host: "nas", dataset: "backup/data" }]);
  expect(cutOff(copies, new Set()).map(({ host }) => host)).toEqual(["nas", "attic"]);
});

describe("names", () => {
  const sudo = { spaces: false };
  const truenas = { spaces: true };

  test.each([
    ["dataset", "tank/my.data_1:x-y"],
    ["snapshot", "tank@-a"],
    ["snapshot", "tank/a@b:c"],
    ["tag", "zrepl_J:backup"],
  ] as const)("%s %s may be given to ZFS", (kind, name) => {
    expect(() => checkName(kind, name, sudo)).not.toThrow();
  });

  test.each([
    ["dataset", "tank//x"],
    ["dataset", "-tank"],
    ["dataset", "tank/x@y"],
    ["dataset", "tank/ä"],
    ["snapshot", "tank"],
    ["snapshot", "tank@a@b"],
    ["snapshot", "tank@a,b"],
    ["snapshot", "tank@a%b"],
    ["snapshot", "tank@a;reboot"],
    ["snapshot", `tank@${"x".repeat(251)}`],
    ["tag", "-r"],
    ["tag", "a b"],
  ] as const)("%s %s may not", (kind, name) => {
    expect(() => checkName(kind, name, truenas)).toThrow(expect.objectContaining({ code: "bad_input" }));
  });

  test("a space goes through TrueNAS and not through sudo", () => {
    expect(() => checkName("snapshot", "tank/my films@first one", truenas)).not.toThrow();
    expect(() => checkName("snapshot", "tank/my films@first one", sudo)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("sudo") }),
    );
  });

  test("a time as a part of one", () => {
    expect(stamp(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe("2026-01-02_03-04-05");
  });
});
