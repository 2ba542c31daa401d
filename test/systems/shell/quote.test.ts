import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
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

  // The shells that a machine may give to its logins; TrueNAS's is zsh.
  for (const [shell = "", ...options] of [["/bin/sh"], ["/bin/bash"], ["/usr/bin/zsh", "-f"], ["/bin/busybox", "sh"]]) {
    const there = existsSync(shell);
    it.skipIf(!there)(
      `is given back byte for byte by ${shell}${there ? "" : " (skipped: it is not installed)"}`,
      () => {
        const argvs = fc.array(fc.array(carried, { maxLength: 8 }), { minLength: 20, maxLength: 60 });
        const property = fc.property(argvs, (each) => {
          // One shell for many argvs: each prints its words, NUL after each, and a record separator of its own.
          const script = each.map((argv) => `printf '%s\\0' ${quote([...argv, "\u001e"])}`).join("\n");
          const words = execFileSync(shell, [...options, "-c", script], { encoding: "utf8" }).split("\0");
          expect(words).toEqual([...each.flatMap((argv) => [...argv, "\u001e"]), ""]);
        });
        fc.assert(property, { numRuns: 15 });
      },
    );
  }
});
