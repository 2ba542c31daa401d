import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wordsOf } from "../../../src/systems/shell/argv.ts";
import { forcedCommand } from "../../../src/systems/shell/forced-command.ts";
import { remoteLine } from "../../../src/systems/shell/over-ssh.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { samples } from "./samples.ts";

const table = Object.entries({ ...readingCommands, ...changingCommands });
const methods = { ...samples, method: "pool.query" };
const changing = { ...samples, method: "pool.offline" };
const valuesFor = (name: string) => (name === "midcltChange" ? changing : methods);

describe.skipIf(process.platform === "win32")("the forced command (needs a POSIX sh)", () => {
  const folder = mkdtempSync(join(tmpdir(), "home-steward-forced-"));
  const script = join(folder, "command");
  beforeAll(() => {
    const text = forcedCommand();
    // Instead of being run, what it lets through is printed: zfs may be there on the machine of this test.
    expect(text).toContain('\neval "exec $asked"\n');
    writeFileSync(script, text.replace('eval "exec $asked"', `eval "printf '%s\\\\0' $asked"`));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The words it would run, or null. */
  function through(line: string): string[] | null {
    const env = { SSH_ORIGINAL_COMMAND: line, PATH: "/nowhere", LC_ALL: "C.UTF-8" };
    const { status, stdout, stderr } = spawnSync("/bin/sh", [script], { env, encoding: "utf8" });
    if (status === 126 && stderr === "home-steward forced command: refused\n" && stdout === "") return null;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout.split("\0").slice(0, -1);
  }
  const cleared = [
    "/usr/bin/env",
    "-i",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
    "LC_ALL=C",
    "TZ=UTC",
  ];

  it.each(table)("lets %s through from each of its places, word for word", (name, command) => {
    const words = wordsOf(command, valuesFor(name));
    for (const place of command.program)
      expect(through(remoteLine([place, ...words]))).toEqual([...cleared, place, ...words]);
    const [place = ""] = command.program;
    const limited = ["/usr/bin/timeout", "31", place, ...words];
    expect(through(remoteLine(limited))).toEqual([...cleared, ...limited]);
    const asRoot = ["sudo", "-n", "--", place, ...words];
    expect(through(remoteLine(asRoot))).toEqual(command.root ? [...cleared, ...asRoot] : null);
  });

  const scrub = remoteLine(["/usr/sbin/zpool", "scrub", "--", "tank"]);
  it.each([
    ["nothing", ""],
    ["a shell", remoteLine(["/bin/sh"])],
    ["no cleared environment", "'/usr/sbin/zpool' 'scrub' '--' 'tank'"],
    ["another environment", scrub.replace("'-i'", "'LD_PRELOAD=/tmp/x.so'")],
    ["a word more", `${scrub} 'tank2'`],
    ["a word less", remoteLine(["/usr/sbin/zpool", "scrub", "--"])],
    ["an option", remoteLine(["/usr/sbin/zpool", "scrub", "-w", "--", "tank"])],
    ["an option as a name", remoteLine(["/usr/sbin/zpool", "scrub", "--", "-w"])],
    ["the program elsewhere", remoteLine(["/tmp/zpool", "scrub", "--", "tank"])],
    ["words without quotes", scrub.replace("'tank'", "tank")],
    ["a command behind it", `${scrub}; reboot`],
    ["a command on a line of its own", `${scrub}\nreboot`],
    ["a good line behind a bad one", `reboot\n${scrub}`],
    ["a line break in a name", remoteLine(["/usr/sbin/zpool", "scrub", "--", "tank\nx"])],
    ["a quote in a name", remoteLine(["/usr/sbin/zpool", "scrub", "--", "tank'$(reboot)'"])],
    ["an end of quotes in JSON", remoteLine(["/usr/bin/midclt", "call", "pool.query", "[]'; reboot; '"])],
    ["a method that is not in the table", remoteLine(["/usr/bin/midclt", "call", "system.shutdown"])],
    ["a method that only looks like one", remoteLine(["/usr/bin/midclt", "call", "poolxquery"])],
    ["a whole pool destroyed", remoteLine(["/usr/sbin/zfs", "destroy", "--", "tank"])],
    ["sudo for what needs no root", remoteLine(["sudo", "-n", "--", "/usr/sbin/zfs", "version"])],
    ["a folder beside the root", remoteLine(["/usr/bin/realpath", "-e", "-z", "--", "/mnt2/tank"])],
    ["a folder above the root", remoteLine(["/usr/bin/realpath", "-e", "-z", "--", "/"])],
    ["a way out of the root", remoteLine(["/usr/bin/realpath", "-e", "-z", "--", "/mnt/tank/../../etc"])],
    ["a folder elsewhere", remoteLine(["/usr/bin/realpath", "-e", "-z", "--", "/etc/shadow"])],
    ["another limit", remoteLine(["/usr/bin/timeout", "-s9", "/usr/sbin/zfs", "version"])],
    ["sudo twice", remoteLine(["sudo", "-n", "--", "sudo", "-n", "--", "/usr/sbin/zpool", "scrub", "--", "tank"])],
  ])("refuses %s", (_, line) => {
    expect(through(line)).toBeNull();
  });

  it("lets nothing through that was changed into what the table does not hold", () => {
    const lines = table.map(([name, command]) =>
      remoteLine([command.program[0] ?? "", ...wordsOf(command, valuesFor(name))]),
    );
    const planted = fc.constantFrom(
      "'",
      '"',
      "$(x)",
      "`x`",
      ";",
      "\n",
      " ",
      "' '",
      "*",
      "\\",
      "-",
      "&",
      "|",
      "a",
      "é",
      "\t",
    );
    const cases = fc.tuple(fc.constantFrom(...lines), fc.nat(), planted);
    fc.assert(
      fc.property(cases, ([line, where, text]) => {
        const at = where % (line.length + 1);
        const argv = through(line.slice(0, at) + text + line.slice(at));
        // Let through: then it has to be a line that we would write ourselves.
        if (argv !== null) expect(isOurs(argv.slice(cleared.length))).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});

/** Read by hand, without the patterns: only a value of a slot may differ, by a letter that names may have. */
function isOurs([program = "", ...words]: readonly string[]): boolean {
  return table.some(([name, command]) => {
    const ours = wordsOf(command, valuesFor(name));
    if (!command.program.includes(program)) return false;
    if (name.startsWith("midclt")) return ours.slice(0, 2).every((word, n) => word === words[n]);
    return (
      ours.length === words.length &&
      ours.every((word, n) => {
        const theirs = words[n] ?? "";
        return word === theirs || (/^[\w/][\w/@:,. +-]*$/.test(theirs) && theirs.length === word.length + 1);
      })
    );
  });
}
