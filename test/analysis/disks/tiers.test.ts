import { describe, expect, test } from "vitest";
import { traceTiers } from "../../../src/analysis/disks/tiers.ts";
import { judgeBy } from "../../../src/analysis/disks/trace.ts";
import { handModel, on } from "./support.ts";

const at = (...pairs: [number, number][]) => pairs.map(([from, points]) => ({ from, points }));

describe("tiers", () => {
  test("rise at once", () => {
    expect(traceTiers(handModel.tiers, at([0, 0], [1, 10], [2, 100], [3, 200]))).toEqual([
      { from: 0, tier: "ok" },
      { from: 1, tier: "watch" },
      { from: 2, tier: "warn" },
      { from: 3, tier: "urgent" },
    ]);
  });

  test("fall one by one, each after its own calm days", () => {
    expect(traceTiers(handModel.tiers, at([0, 250], [10, 0]))).toEqual([
      { from: 0, tier: "urgent" },
      { from: 24, tier: "warn" },
      { from: 40, tier: "watch" },
      { from: 70, tier: "ok" },
    ]);
  });

  test("count calm from the last day that deserved the tier, not from each dip", () => {
    expect(traceTiers(handModel.tiers, at([0, 200], [10, 150], [20, 200], [21, 150], [100, 5]))).toEqual([
      { from: 0, tier: "urgent" },
      { from: 35, tier: "warn" },
      { from: 130, tier: "watch" },
      { from: 160, tier: "ok" },
    ]);
  });

  test("a counter that comes and goes is one alarm", () => {
    const flapping = Array.from({ length: 20 }, (_, i): [number, number] => [i * 10, i % 2 === 0 ? 120 : 0]);
    expect(traceTiers(handModel.tiers, at(...flapping)).map(({ tier }) => tier)).toEqual(["warn", "watch", "ok"]);
  });

  test("a tier that is held holds those below it too", () => {
    const rules = { ...handModel.tiers, urgent: { enter_points: 200, calm_days: 90 } };
    expect(traceTiers(rules, at([0, 250], [10, 50])).map(({ from, tier }) => [from, tier])).toEqual([
      [0, "urgent"],
      [100, "watch"],
    ]);
  });

  test("nothing known is no tier yet", () => {
    expect(traceTiers(handModel.tiers, [])).toEqual([]);
  });
});

test("a history judged by hand: points, tier and risk on chosen days", () => {
  const judge = judgeBy(handModel)([
    on(0, { reallocated: 0, uncorrectable: 0 }),
    on(100, { reallocated: 2, uncorrectable: 0 }),
    on(101, { reallocated: 2, uncorrectable: 5 }),
  ]);
  const days = [-1, 0, 99.9, 100, 101, 108, 131, 145, 161, 1000];
  expect(days.map((day) => [day, judge(day).points, judge(day).tier])).toEqual([
    [-1, 0, "ok"],
    [0, 0, "ok"],
    [99.9, 0, "ok"],
    [100, 105, "warn"],
    [101, 305, "urgent"],
    [108, 300, "urgent"],
    [131, 10, "urgent"],
    [145, 10, "warn"],
    [161, 10, "watch"],
    [1000, 10, "watch"],
  ]);
  expect(days.map((day) => judge(day).p30)).toEqual([
    0.001, 0.001, 0.001, 0.011259, 0.1, 0.1, 0.00126, 0.00126, 0.00126, 0.00126,
  ]);
  expect(judge(101).p120).toBe(0.3);
});
