import { expect, test } from "vitest";
import { judgeDrive } from "../../../src/analysis/disks/verdict.ts";
import { handModel, on } from "./support.ts";

const failing = [
  on(0, { reallocated: 0, uncorrectable: 0, unreadable: 0 }),
  on(200, { reallocated: 12, uncorrectable: 5, unreadable: 8 }),
  on(203, { reallocated: 12, uncorrectable: 6, unreadable: 0 }),
];

test("says why, in one line a counter, and what became of drives like it", () => {
  expect(judgeDrive(handModel, failing, 205)).toEqual({
    tier: "urgent",
    p30: 0.1,
    p120: 0.3,
    evidence: [
      "6 uncorrectable errors (187), up 6 in 30 days and 6 in 90, last 2 days ago.",
      "12 reallocated sectors (5), up 12 in 30 days and 12 in 90, last 5 days ago.",
      "0 unreadable sectors (197/198), 8 at the worst of 90 days, up 8 in 30 days and 8 in 90, last 5 days ago.",
      "Not reported by this drive: 188.",
    ],
    survival: [
      'Of drives that stood at "urgent", 20–31 % failed within 30 days, 40–52 % within 120 days, 60–79 % within a year.',
    ],
    confidence: "full",
  });
});

test("knows nothing of what comes later", () => {
  expect(judgeDrive(handModel, failing, 199)).toEqual({
    tier: "ok",
    p30: 0.001,
    p120: 0.004,
    evidence: ["Nothing counted in 5, 187, 197/198.", "Not reported by this drive: 188."],
    survival: [
      'Of drives that stood at "ok", 0–0 % failed within 30 days, 0–0 % within 120 days, 0–0 % within a year.',
    ],
    confidence: "full",
  });
});

test("without any reading it says so, and with few that growth can't show yet", () => {
  expect(judgeDrive(handModel, [], 5)).toMatchObject({ evidence: ["No reading yet."], confidence: "levels_only" });
  const [, ...late] = failing;
  expect(judgeDrive(handModel, late, 205)).toMatchObject({
    confidence: "levels_only",
    evidence: [
      "6 uncorrectable errors (187), up 1 in 30 days and 1 in 90, last 2 days ago.",
      "0 unreadable sectors (197/198), 8 at the worst of 90 days, unchanged for 5 days.",
      "12 reallocated sectors (5), unchanged for 5 days.",
      "Not reported by this drive: 188.",
    ],
  });
});

test("an acknowledged baseline keeps quiet until something changes; the risk stays what it is", () => {
  const later = [...failing, on(220, { reallocated: 12, uncorrectable: 6, unreadable: 0 })];
  const before = judgeDrive(handModel, later, 221);
  expect(before).toMatchObject({ tier: "urgent", p30: 0.1 });
  expect(judgeDrive(handModel, later, 221, 210)).toEqual({ ...before, tier: "ok" });

  const grown = [...later, on(230, { reallocated: 13, uncorrectable: 6, unreadable: 0 })];
  expect(judgeDrive(handModel, grown, 230, 210).tier).toBe("warn");
  expect(judgeDrive(handModel, grown, 230, 231).tier).toBe("urgent");
});

test("what was acknowledged stays so although the last reading before left it out", () => {
  const gap = [...failing, on(205, {}), on(220, { reallocated: 12, uncorrectable: 6, unreadable: 0 })];
  expect(judgeDrive(handModel, gap, 221, 210).tier).toBe("ok");
});
