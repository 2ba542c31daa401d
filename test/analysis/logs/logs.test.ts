import { expect, test } from "vitest";
import { lastMatching } from "../../../src/analysis/logs/grep.ts";
import { sinceSeconds } from "../../../src/analysis/logs/since.ts";

test("the last lines that contain a text, in any case; characters of patterns mean themselves", () => {
  const lines = ["Error (a+)+$", "ok", "ERROR two", "error three"].map((text) => ({ text }));
  expect(lastMatching(lines, "error", 2)).toEqual([{ text: "ERROR two" }, { text: "error three" }]);
  expect(lastMatching(lines, "(a+)+$", 5)).toEqual([{ text: "Error (a+)+$" }]);
  expect(lastMatching(lines, undefined, 1)).toEqual([{ text: "error three" }]);
});

test.each([
  ["90s", 910],
  ["15m", 100],
  ["1970-01-01T00:01:00Z", 60],
])("since %s", (text, seconds) => {
  expect(sinceSeconds(text, 1_000_000)).toBe(seconds);
});

test("since what can't be read", () => {
  expect(() => sinceSeconds("yesterday", 0)).toThrow("That time can't be read.");
});
