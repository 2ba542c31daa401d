import { describe, expect, test } from "vitest";
import { basisNow, type SnapshotAction } from "../../../src/analysis/snapshots/basis.ts";
import { judgeSnapshots } from "../../../src/analysis/snapshots/standing.ts";
import type { Lineage } from "../../../src/systems/zfs/port.ts";
import { line, snapshot } from "./lines.ts";

const [a, b, c] = [snapshot("a", 1), snapshot("b", 2), snapshot("c", 3)];
const planned = line([a, b, c], { written_bytes: 400 });
const mark = snapshot("mark", 4);

/** Where a plan made on `planned` stands, when this is read. */
function standing(
  action: SnapshotAction,
  names: string[],
  now: Lineage | null,
  more: { makes?: string; clone?: Lineage; lost?: number } = {},
): string {
  const { makes, clone = null, lost = 0 } = more;
  const saved = basisNow(
    { action, makes: makes === undefined ? null : { name: makes, exists: false }, lost_bytes: lost },
    planned,
    names.map((own) => `tank/data@${own}`),
    lost,
  );
  const { is, why } = judgeSnapshots(saved, { line: now, clone, tag: "keep", mark: mark.name });
  return `${is}: ${why}`;
}

describe("where a plan stands, by what is read", () => {
  test("a dataset that is gone, or another one of its name", () => {
    const gone = "neither: There is no such dataset tank/data any more.";
    expect(standing("delete", ["a"], null)).toBe(gone);
    expect(standing("delete", ["a"], line([], { created_at: 9 }))).toBe(gone);
    expect(standing("delete", ["a"], line([], { pool_guid: "9" }))).toBe(gone);
  });

  test("taken, held, released, cloned", () => {
    expect(standing("create", [], planned, { makes: "tank/data@d" })).toBe("before: There is no snapshot tank/data@d.");
    expect(standing("create", [], planned, { makes: "tank/data@c" })).toBe("after: tank/data@c is there.");
    const kept = line([{ ...a, holds: ["other", "keep"] }]);
    expect(standing("hold", ["a"], planned)).toBe("before: tank/data@a is not held with keep.");
    expect(standing("hold", ["a"], kept)).toBe("after: tank/data@a is held with keep.");
    expect(standing("release", ["a"], kept)).toBe("before: tank/data@a is held with keep.");
    expect(standing("release", ["a"], planned)).toBe("after: tank/data@a is not held with keep.");
    expect(standing("hold", ["a"], line([b]))).toBe("neither: tank/data@a is gone.");
    const copy = line([], { dataset: "tank/copy", origin: "tank/data@a" });
    const makes = "tank/copy";
    expect(standing("clone", ["a"], planned, { makes })).toBe("before: There is no dataset tank/copy.");
    expect(standing("clone", ["a"], planned, { makes, clone: copy })).toBe(
      "after: tank/copy is a clone of tank/data@a.",
    );
    expect(standing("clone", ["a"], planned, { makes, clone: { ...copy, origin: null } })).toBe(
      "neither: tank/copy is something else.",
    );
  });

  test("deleted: all, none, some; another one of the same name does not count", () => {
    expect(standing("delete", ["a", "b"], planned)).toBe("before: All 2 are there.");
    expect(standing("delete", ["a", "b"], line([b, c]))).toBe("neither: 1 of 2 are deleted.");
    expect(standing("delete", ["a", "b"], line([{ ...a, guid: "another" }, c]))).toBe(
      "after: 2 of 2 are deleted; 2 of tank/data remain.",
    );
  });

  test("rolled back: only the mark right after it is proof", () => {
    expect(standing("rollback", ["a"], line([a, mark]))).toBe(
      "after: It was rolled back to tank/data@a; mark was taken right after.",
    );
    expect(standing("rollback", ["a"], line([a, b, mark]))).toBe(
      "neither: 1 of 2 newer snapshots are deleted. Whether the data were rolled back can't be told: look at them.",
    );
    expect(standing("rollback", ["a"], planned)).toBe("before: All newer snapshots are there.");
    expect(standing("rollback", ["a"], line([a, b]))).toMatch(/^neither: 1 of 2 newer/);
    expect(standing("rollback", ["a"], line([a]))).toMatch(/^neither: 2 of 2 newer/);
    expect(standing("rollback", ["a"], line([b]))).toBe("neither: tank/data@a is gone.");
  });

  test("to the newest: what was written since is there, or nobody can tell", () => {
    const lost = 400;
    expect(standing("rollback", ["c"], planned, { lost })).toBe("before: What was written since tank/data@c is there.");
    const can_t = "neither: Whether the data were rolled back can't be told: look at them.";
    expect(standing("rollback", ["c"], line([a, b, c], { written_bytes: 399 }), { lost })).toBe(can_t);
    expect(standing("rollback", ["c"], line([a, b, c], { written_bytes: null }), { lost })).toBe(can_t);
  });
});
