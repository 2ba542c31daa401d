import fc from "fast-check";
import { expect, test } from "vitest";
import { snapshotAges } from "../../../src/analysis/storage/snapshots.ts";
import { dataset, now, snapshotsOf } from "./support.ts";

const [hour, day] = [3600, 86_400];
const ages = (
  ...args: Parameters<typeof snapshotAges> extends [infer D, infer S, infer T, number] ? [D, S, T] : never
) => snapshotAges(...args, now);

test("a task covers its dataset, and those below it where it is recursive; the shortest interval counts", () => {
  const tasks = [
    { dataset: "tank", recursive: true, enabled: true, every_s: day },
    { dataset: "tank/a", recursive: false, enabled: true, every_s: hour },
    { dataset: "tank/b", recursive: false, enabled: false, every_s: 60 },
  ];
  const sets = [dataset("tank"), dataset("tank/a"), dataset("tank/a/x"), dataset("tank/b"), dataset("tanker")];
  const taken = sets.flatMap(({ name }) => snapshotsOf(name, 5400 + 1, 9000));
  expect(ages(sets, taken, tasks)).toEqual([
    { dataset: "tank", count: 2, newest_age_s: 5401, every_s: day, schedule: "task", overdue: false },
    { dataset: "tank/a", count: 2, newest_age_s: 5401, every_s: hour, schedule: "task", overdue: true },
    { dataset: "tank/a/x", count: 2, newest_age_s: 5401, every_s: day, schedule: "task", overdue: false },
    { dataset: "tank/b", count: 2, newest_age_s: 5401, every_s: day, schedule: "task", overdue: false },
    { dataset: "tanker", count: 2, newest_age_s: 5401, every_s: null, schedule: null, overdue: false },
  ]);
});

test("a task that never ran is overdue, a dataset that nobody covers is not", () => {
  const tasks = [{ dataset: "tank/a", recursive: false, enabled: true, every_s: hour }];
  expect(ages([dataset("tank/a"), dataset("tank/b")], [], tasks)).toMatchObject([
    { count: 0, newest_age_s: null, overdue: true },
    { count: 0, newest_age_s: null, every_s: null, overdue: false },
  ]);
});

test("without tasks the rhythm is read from the snapshots", () => {
  const of = (...taken: number[]) => ages([dataset("tank/a")], snapshotsOf("tank/a", ...taken), null)[0];
  expect(of(1 * day, 2 * day, 3 * day, 4 * day)).toMatchObject({ every_s: day, schedule: "inferred", overdue: false });
  expect(of(3 * day, 4 * day, 5 * day, 6 * day)).toMatchObject({ every_s: day, overdue: true });
  // Three are no habit.
  expect(of(30 * day, 31 * day, 32 * day)).toMatchObject({ every_s: null, schedule: null, overdue: false });
  // Those of one minute are one.
  expect(of(30 * day, 30 * day + 1, 30 * day + 2, 30 * day + 3)).toMatchObject({ every_s: null });
  // Hourly for a day, and daily before that: due every hour.
  const hourly = Array.from({ length: 24 }, (_, i) => i * hour);
  expect(of(...hourly, 2 * day, 3 * day, 4 * day)).toMatchObject({ every_s: hour, overdue: false });
});

test("a few minutes late is not late", () => {
  const tasks = [{ dataset: "tank/a", recursive: false, enabled: true, every_s: 300 }];
  const at = (age: number) => ages([dataset("tank/a")], snapshotsOf("tank/a", age), tasks)[0]?.overdue;
  expect([at(300), at(1200), at(1201)]).toEqual([false, false, true]);
});

test("whatever order they come in", () => {
  const taken = snapshotsOf("tank/a", 10, 20 * hour, 44 * hour, 68 * hour, 92 * hour);
  const sorted = ages([dataset("tank/a")], taken, null);
  fc.assert(
    fc.property(fc.shuffledSubarray(taken, { minLength: taken.length }), (shuffled) => {
      expect(ages([dataset("tank/a")], shuffled, null)).toEqual(sorted);
    }),
  );
});
