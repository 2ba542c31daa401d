import fc from "fast-check";
import { expect, test } from "vitest";
import type { Counters } from "../../../src/analysis/disks/counters.ts";
import type { Reading } from "../../../src/analysis/disks/history.ts";
import { tiers } from "../../../src/analysis/disks/model.ts";
import { scoreDisks } from "../../../src/analysis/disks/score-disks.ts";
import { shippedModel } from "../../../src/analysis/disks/shipped-model.ts";
import { judgeBy } from "../../../src/analysis/disks/trace.ts";

const judge = judgeBy(shippedModel);

const count = fc.option(fc.oneof(fc.nat(20), fc.nat(65_528)), { freq: 4 });
const counters: fc.Arbitrary<Counters> = fc.record({
  reallocated: count,
  uncorrectable: count,
  command_timeouts: count,
  unreadable: count,
});
const dayOf = fc.oneof(fc.nat(700), fc.double({ min: 0, max: 700, noNaN: true }));
const history: fc.Arbitrary<Reading[]> = fc
  .array(fc.record({ day: dayOf, power_on_hours: fc.option(fc.nat()), counters }), { maxLength: 12 })
  .map((readings) => readings.sort((a, b) => a.day - b.day));

test("a worse counter in the newest reading never lowers the risk or the tier", () => {
  const names = fc.constantFrom<keyof Counters>("reallocated", "uncorrectable", "command_timeouts", "unreadable");
  fc.assert(
    fc.property(
      history,
      counters,
      names,
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(400),
      (before, now, name, more, wait) => {
        const day = (before.at(-1)?.day ?? 0) + 1;
        const value = now[name] ?? 0;
        const better = judge([...before, { day, power_on_hours: null, counters: { ...now, [name]: value } }])(
          day + wait,
        );
        const worse = judge([...before, { day, power_on_hours: null, counters: { ...now, [name]: value + more } }])(
          day + wait,
        );
        expect(worse.p30).toBeGreaterThanOrEqual(better.p30);
        expect(worse.p120).toBeGreaterThanOrEqual(better.p120);
        expect(tiers.indexOf(worse.tier)).toBeGreaterThanOrEqual(tiers.indexOf(better.tier));
      },
    ),
  );
});

test("nothing that comes after a day changes what is said of that day", () => {
  fc.assert(
    fc.property(history, dayOf, (readings, day) => {
      const { from: _, ...then } = judge(readings.filter((reading) => reading.day <= day))(day);
      const { from: __, ...now } = judge(readings)(day);
      expect(now).toEqual(then);
    }),
  );
});

test("neither the order of readings nor the other days asked for change an answer", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300), { maxLength: 8 }), fc.array(counters, { minLength: 8 }), (days, values) => {
      const readings = days.map(
        (day, i): Reading => ({
          day,
          power_on_hours: null,
          counters: values[i] ?? { reallocated: null, uncorrectable: null, command_timeouts: null, unreadable: null },
        }),
      );
      const shuffled = judge(readings);
      const sorted = judge([...readings].sort((a, b) => a.day - b.day));
      for (const day of [-1, 0, 50, 150.5, 299, 900]) expect(shuffled(day)).toEqual(sorted(day));
    }),
  );
});

test("risk is a probability, and no smaller over the longer time", () => {
  fc.assert(
    fc.property(history, fc.double({ noNaN: true, noDefaultInfinity: true }), (readings, day) => {
      const { p30, p120 } = judge(readings)(day);
      expect(p30).toBeGreaterThan(0);
      expect(p120).toBeGreaterThanOrEqual(p30);
      expect(p120).toBeLessThan(1);
    }),
  );
});

async function* only(line: string): AsyncGenerator<string> {
  yield line;
}

test("whatever a line holds, it is scored or complained of, never both and never thrown", async () => {
  const raw = fc.dictionary(
    fc.constantFrom("5", "187", "188", "196", "197", "198", "x"),
    fc.oneof(fc.double(), fc.nat(), fc.jsonValue()),
  );
  const point = fc.oneof(
    fc.record({ day: fc.oneof(fc.double(), fc.nat(900)), power_on_hours: fc.oneof(fc.nat(), fc.constant(null)), raw }),
    fc.jsonValue(),
  );
  const drive = fc.record({
    drive: fc.string(),
    history: fc.array(point),
    at: fc.array(fc.oneof(fc.nat(900), fc.double())),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        drive.map((value) => JSON.stringify(value)),
        fc.json(),
        fc.string(),
      ),
      async (line) => {
        const problems: string[] = [];
        const scored: unknown[] = [];
        for await (const out of scoreDisks(shippedModel, only(line), (problem) => problems.push(problem)))
          scored.push(JSON.parse(out));
        expect(scored.length + problems.length).toBe(line.trim() === "" ? 0 : 1);
      },
    ),
  );
});
