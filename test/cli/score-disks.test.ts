import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { scoreDisks } from "../../src/cli/score-disks.ts";

const zero = { "5": 0, "187": 0, "188": 0, "197": 0, "198": 0 };

async function score(...lines: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const surroundings = {
    env: {},
    platform: process.platform,
    stdin: Readable.from(lines.map((line) => `${line}\n`)),
    stdout,
    stderr,
  };
  const code = await scoreDisks([], surroundings);
  stdout.end();
  stderr.end();
  return {
    code,
    out: (await text(stdout))
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
    err: await text(stderr),
  };
}

const drive = (history: unknown, at: unknown) => JSON.stringify({ drive: "A1", model: "ST4000DM000", history, at });

test("scores a drive that fails before our eyes, day by day and by what was known on it", async () => {
  const history = [
    { day: 0, power_on_hours: 10, raw: zero },
    { day: 100, power_on_hours: 2410, raw: { ...zero, "5": 8 } },
    { day: 103, power_on_hours: 2482, raw: { ...zero, "5": 64, "187": 12, "197": 80, "198": 80 } },
  ];
  const { code, out, err } = await score(drive(history, [-5, 50, 100, 103, 99.9]));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toHaveLength(1);
  expect(out[0]).toMatchObject({
    drive: "A1",
    at: [-5, 50, 100, 103, 99.9],
    tier: ["ok", "ok", "warn", "urgent", "ok"],
  });
  const [p30] = out.map((line) => line.p30);
  expect(p30[0]).toBe(p30[1]);
  expect(p30[4]).toBe(p30[1]);
  expect(p30[2]).toBeGreaterThan(10 * p30[1]);
  expect(p30[3]).toBeGreaterThan(2 * p30[2]);
});

test("a count that grew and then stands still decays to watch", async () => {
  const history = [
    { day: 0, power_on_hours: 20_000, raw: zero },
    { day: 10, power_on_hours: 20_240, raw: { ...zero, "5": 8 } },
  ];
  const { out } = await score(drive(history, [9, 10, 189, 365, 900]));
  expect(out[0].tier).toEqual(["ok", "warn", "warn", "watch", "watch"]);
});

test("drives that report little are scored by what they report", async () => {
  const { out } = await score(
    drive(
      [
        { day: 0, power_on_hours: null, raw: { "5": 0, "197": 0 } },
        { day: 9, power_on_hours: null, raw: { "5": 2000, "197": 0 } },
      ],
      [8, 9],
    ),
    drive([{ day: 0, raw: {} }], [1]),
    drive([], [1]),
    drive([{ day: 0, power_on_hours: 1, raw: zero }], []),
  );
  expect(out.map(({ tier }) => tier)).toEqual([["ok", "urgent"], ["ok"], ["ok"], []]);
});

test("a line that can't be read is named, and the others are scored", async () => {
  const good = drive([{ day: 0, power_on_hours: 1, raw: zero }], [1]);
  const { code, out, err } = await score(
    good,
    "{",
    "[]",
    "",
    '{"drive":"B"}',
    drive([], "soon"),
    drive([{ day: "1" }], []),
    '{"drive":7,"history":[],"at":[]}',
    good,
  );
  expect(code).toBe(1);
  expect(out.map(({ drive }) => drive)).toEqual(["A1", "A1"]);
  expect(err.split("\n")).toEqual([
    "Line 2 was left out: it is not JSON.",
    "Line 3 was left out: it is not an object.",
    "Line 5 was left out: history must be a list.",
    "Line 6 was left out: at must be a list of numbers.",
    "Line 7 was left out: history[0].day must be a number.",
    "Line 8 was left out: drive must be a string.",
    "",
  ]);
});
