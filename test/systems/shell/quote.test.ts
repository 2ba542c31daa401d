import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote } from "../../../src/systems/shell/quote.ts";

const word = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("'", '"', "\\", "$", "`", "\n", " ", "*", "-", "(", "!", "~", "\r", "\t", "é", "a"),
  }),
);
const carried = word.map((text) => text.replaceAll("\0", "").toWellFormed());

describe("an argv as one line for a POSIX shell", () => {
  it("puts each word into single quotes", () => {
    expect(quote(["/usr/sbin/zpool", "status", "my pool"])).toBe("'/usr/sbin/zpool' 'status' 'my pool'");
    expect(quote(["it's", ""])).toBe("'it'\\''s' ''");
  });

  it("refuses NUL, which no argv can carry", () => {
    expect(() => quote(["a\0b"])).toThrow("A word of a command can't hold NUL.");
  });

  it.skipIf(process.platform === "win32")("is given back by a real sh byte for byte (needs a POSIX sh)", () => {
    const property = fc.property(
      fc.array(fc.array(carried, { maxLength: 8 }), { minLength: 20, maxLength: 60 }),
      (argvs) => {
        // One shell for many argvs: each prints its words, NUL after each, and a record separator of its own.
        const script = argvs.map((argv) => `printf '%s\\0' ${quote([...argv, "\u001e"])}`).join("\n");
        const words = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0");
        expect(words).toEqual([...argvs.flatMap((argv) => [...argv, "\u001e"]), ""]);
      },
    );
    fc.assert(property, { numRuns: 25 });
  });
});
