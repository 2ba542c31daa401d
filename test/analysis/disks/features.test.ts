import { expect, test } from "vitest";
import { type FeatureName, featureNames, traceFeatures } from "../../../src/analysis/disks/features.ts";
import { orderHistory, type Reading } from "../../../src/analysis/disks/history.ts";
import { shippedModel } from "../../../src/analysis/disks/shipped-model.ts";
import { on } from "./support.ts";

/** A feature's values through time as [day from which it holds, value], repeats left out. */
function traced(readings: readonly Reading[], feature: FeatureName): [number, number][] {
  const at = featureNames.indexOf(feature);
  const values: [number, number][] = [];
  for (const { from, features } of traceFeatures(orderHistory(readings))) {
    const value = features[at] ?? Number.NaN;
    if (!Object.is(values.at(-1)?.[1], value)) values.push([from, value]);
  }
  return values;
}

test("growth is counted for 30 and for 90 days, the first sight of a count is none", () => {
  const readings = [on(0, { reallocated: 5 }), on(10, { reallocated: 8 }), on(25, { reallocated: 9 })];
  expect(traced(readings, "reallocated.rise_30d")).toEqual([
    [0, 0],
    [10, 3],
    [25, 4],
    [40, 1],
    [55, 0],
  ]);
  expect(traced(readings, "reallocated.rise_90d")).toEqual([
    [0, 0],
    [10, 3],
    [25, 4],
    [100, 1],
    [115, 0],
  ]);
  expect(traced(readings, "reallocated.level")).toEqual([
    [0, 5],
    [10, 8],
    [25, 9],
  ]);
});

test("windows close on time although days are fractions", () => {
  const readings = [on(0.1, { uncorrectable: 0 }), on(0.7, { uncorrectable: 2 })];
  expect(traced(readings, "uncorrectable.rise_30d")).toEqual([
    [0.1, 0],
    [0.7, 2],
    [30.7, 0],
  ]);
});

test("a pending sector that cleared is remembered for 90 days", () => {
  const readings = [on(0, { unreadable: 0 }), on(5, { unreadable: 16 }), on(6, { unreadable: 0 })];
  expect(traced(readings, "unreadable.peak_90d")).toEqual([
    [0, 0],
    [5, 16],
    [96, 0],
  ]);
  expect(traced(readings, "any.present")).toEqual([
    [0, 0],
    [5, 1],
    [6, 0],
  ]);
});

test("the worst of 90 days is the highest, not the first", () => {
  const levels: [number, number][] = [
    [0, 4],
    [5, 0],
    [10, 50],
    [20, 8],
    [30, 0],
  ];
  const readings = levels.map(([day, unreadable]) => on(day, { unreadable }));
  expect(traced(readings, "unreadable.peak_90d")).toEqual([
    [0, 4],
    [10, 50],
    [110, 8],
    [120, 0],
  ]);
});

test("a value that was not read has not gone back to zero, and one that comes back has not grown", () => {
  const readings = [on(0, { command_timeouts: 7 }), on(5, {}), on(9, { command_timeouts: 7 })];
  expect(traced(readings, "command_timeouts.level")).toEqual([[0, 7]]);
  expect(traced(readings, "command_timeouts.rise_30d")).toEqual([[0, 0]]);
});

test("absent counters have no features, and appear without having grown", () => {
  const readings = [on(0, { reallocated: 0 }), on(5, { reallocated: 0, uncorrectable: 4 })];
  expect(traced(readings, "uncorrectable.level")).toEqual([
    [0, Number.NaN],
    [5, 4],
  ]);
  expect(traced(readings, "uncorrectable.rise_90d")).toEqual([[0, 0]]);
  expect(traced(readings, "any.risen_30d")).toEqual([[0, 0]]);
});

test("quiet is counted from the first sight of a count, then from its last rise", () => {
  const [first, ...later] = [...traceFeatures([on(0, { reallocated: 3 }), on(50, { reallocated: 4 })])];
  const at = featureNames.indexOf("any.days_quiet");
  expect(first?.features[at]).toBe(0);
  expect(
    later
      .filter(({ from }) => from === 30 || from === 50 || from === 80)
      .map(({ from, features }) => [from, features[at]]),
  ).toEqual([
    [30, 30],
    [50, 0],
    [80, 30],
  ]);
});

test("readings are put in order of time, those without a day are left out", () => {
  const readings = [on(9, { reallocated: 2 }), on(Number.NaN, { reallocated: 99 }), on(3, { reallocated: 1 })];
  expect(orderHistory(readings).map(({ day, counters }) => [day, counters.reallocated])).toEqual([
    [3, 1],
    [9, 2],
  ]);
});

test("a quiet drive is one stretch, however often it was read", () => {
  const readings = Array.from({ length: 500 }, (_, day) => on(day, { reallocated: 0, unreadable: 0 }));
  expect([...traceFeatures(readings)].map(({ from }) => from)).toEqual([0]);
});

test("features change by themselves on every day that the shipped scorecard looks at", () => {
  const rise = [on(0, { reallocated: 0 }), on(1, { reallocated: 1 })];
  const turning = new Set([...traceFeatures(rise)].map(({ from }) => from - 1));
  const edges = shippedModel.scorecard.flatMap(({ below }) => below ?? []);
  expect(edges.length).toBeGreaterThan(0);
  expect(edges.filter((edge) => !turning.has(edge))).toEqual([]);
});
