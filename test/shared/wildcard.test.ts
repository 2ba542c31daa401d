import fc from "fast-check";
import { expect, it } from "vitest";
import { fitsWildcard } from "../../src/shared/wildcard.ts";

it.each([
  ["auto-*", "auto-1", true],
  ["auto-*", "Auto-1", false],
  ["*", "", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "acb", false],
  ["a.c", "abc", false],
  ["aa*aa", "aaa", false],
])("%j and %j: %j", (pattern, text, fits) => {
  expect(fitsWildcard(pattern, text)).toBe(fits);
});

it("says what a regular expression says", () => {
  const words = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((all) => all.join(""));
  fc.assert(
    fc.property(words, words, (pattern, other) => {
      const text = other.replaceAll("*", "a");
      expect(fitsWildcard(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
    }),
  );
});
