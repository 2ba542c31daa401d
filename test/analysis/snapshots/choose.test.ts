import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choose, mostAtOnce, named, whyNot } from "../../../src/analysis/snapshots/choose.ts";
import { line, snapshot } from "./lines.ts";

const now = Date.UTC(2026, 10, 22, 12);
const nights = line([1, 8, 15, 22].map((day) => snapshot(`auto-${day}`, day)));
const chosen = (of: typeof nights, pattern: string, older_than_days?: number) =>
  choose(of, { pattern, ...(older_than_days !== undefined && { older_than_days }) }, now).snapshots.map(
    ({ name }) => name.split("@")[1],
  );

describe("which snapshots are meant", () => {
  test("by name, by pattern, by age", () => {
    expect(chosen(nights, "auto-8")).toEqual(["auto-8"]);
    expect(chosen(nights, "auto-*")).toEqual(["auto-1", "auto-8", "auto-15", "auto-22"]);
    expect(chosen(nights, "*2*")).toEqual(["auto-22"]);
    expect(chosen(nights, "*", 7)).toEqual(["auto-1", "auto-8", "auto-15"]);
    expect(chosen(nights, "*", 8)).toEqual(["auto-1", "auto-8"]);
  });

  test("a pattern means upper and lower case apart, and dots as dots", () => {
    const two = line([snapshot("Auto.1", 1), snapshot("auto.1", 2), snapshot("autox1", 3)]);
    expect(chosen(two, "auto.*")).toEqual(["auto.1"]);
  });

  test("without an age a clock that is behind hides none", () => {
    const ahead = line([snapshot("a", 23)]);
    expect(chosen(ahead, "*")).toEqual(["a"]);
    expect(() => choose(ahead, { pattern: "*", older_than_days: 0 }, now)).toThrow("No snapshot of tank/data is meant");
  });

  test("a name that is none says what there is", () => {
    expect(() => named(nights, "auto-2")).toThrow(
      expect.objectContaining({ code: "not_found", fix: "Its newest are: auto-22, auto-15, auto-8, auto-1." }),
    );
    expect(() => choose(line([]), { pattern: "x" }, now)).toThrow(
      expect.objectContaining({ code: "not_found", fix: "It has none at all." }),
    );
  });

  test("what is held or cloned is left out with its reason; alone it is refused", () => {
    const held = snapshot("a", 1, { holds: ["keep", "x".repeat(70)] });
    const cloned = snapshot("b", 2, { clones: ["tank/copy", "tank/more"] });
    const both = choose(line([held, cloned, snapshot("c", 3)]), { pattern: "*" }, now);
    expect(both.snapshots.map(({ name }) => name)).toEqual(["tank/data@c"]);
    expect(both.left.map(({ snapshot: { name }, why }) => `${name}: ${why}`)).toEqual([
      "tank/data@a: it is held (keep, by a tag with unusual characters)",
      "tank/data@b: tank/copy, tank/more is cloned from it",
    ]);
    expect(() => choose(line([held]), { pattern: "a" }, now)).toThrow(
      expect.objectContaining({ code: "conflict", message: expect.stringContaining("it is held (keep") }),
    );
  });

  test("never more than a person can read, and never one that something keeps", () => {
    const any = fc.array(fc.record({ holds: fc.subarray(["x"]), clones: fc.subarray(["tank/y"]) }), { maxLength: 150 });
    fc.assert(
      fc.property(any, (kept) => {
        const all = kept.map((more, at) => snapshot(`s${at}`, 1, { ...more, txg: at }));
        const free = all.filter((one) => whyNot(one).length === 0);
        if (free.length === 0) return;
        const { snapshots, more } = choose(line(all), { pattern: "*" }, now);
        expect(snapshots).toEqual(free.slice(0, 100));
        expect(more).toBe(Math.max(0, free.length - mostAtOnce));
      }),
    );
  });
});
