import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forcedCommand } from "../../src/systems/shell/forced-command.ts";
import { sshRunner } from "../../src/systems/shell/over-ssh.ts";
import type { Runner } from "../../src/systems/shell/runner.ts";
import { shellOver } from "../../src/systems/shell/shell.ts";
import { readingCommands } from "../../src/systems/shell/table.ts";
import { newKeyPair } from "../support/ssh-server.ts";
import { shellContract } from "../systems/shell/contract.ts";
import { type Lab, labMissing, startLab, titled } from "./support/lab.ts";
import { labSsh } from "./support/lab-ssh.ts";

/** What has broken other people's quoting. */
const classics = [
  ...[
    "'",
    "''",
    "'\\''",
    '"',
    "\\",
    "\\\\",
    "\\'",
    "`id`",
    "$(id)",
    "\u0024{IFS}",
    "$IFS",
    "$'\\n'",
    "$((1+1))",
    "#",
    " # x",
  ],
  ...[
    "; id",
    "& id",
    "&& id",
    "| id",
    "|| id",
    "> /dev/null",
    "< /etc/passwd",
    "<(id)",
    "\n id",
    "\r\n",
    "\t",
    "",
    " ",
  ],
  ...[
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "{1..9}",
    "~",
    "~root",
    "!!",
    "!id",
    "-",
    "--",
    "-rf",
    "--help",
    "-o ProxyCommand=id",
  ],
  ...[
    "%s",
    "%n",
    "\u0001",
    "\u0003",
    "\u0004",
    "\u001a",
    "\u001b]0;x\u0007",
    "\u007f",
    "\u0085",
    "\u2028",
    "\u202e",
    "\ufeff",
    "é",
    "e\u0301",
  ],
  ...["\u{1f600}", "ÿ", "=x", "PATH=/tmp", "a=b", "^a^b", "a\\\nb", "'; id; '", '"; id; "', "`'\"$", "x".repeat(2000)],
];

describe.skipIf(labMissing !== null)(titled("a machine's shell over a real sshd"), () => {
  let lab: Lab;
  let runner: Runner;
  beforeAll(async () => {
    lab = await startLab({ docker: false, ssh: true });
    runner = sshRunner(labSsh(lab));
  });
  afterAll(async () => {
    await runner.close();
    await lab.down();
  });

  shellContract("a real sshd", async () => ({ runner, close: async () => {} }));

  /** What a program there was given: printf writes each of its arguments and a NUL. */
  async function echoed(texts: readonly string[]): Promise<string[]> {
    const running = await runner.start(["/usr/bin/printf", "%s\\0", ...texts], AbortSignal.timeout(60_000), 60_000);
    running.stderr.resume();
    const chunks: Buffer[] = [];
    for await (const chunk of running.stdout) chunks.push(chunk);
    expect(await running.exit).toBe(0);
    return Buffer.concat(chunks).toString("utf8").split("\0").slice(0, -1);
  }

  it("hands 8,000 strings made to break out of quotes to a program as they are", async () => {
    const parts = fc.oneof(fc.constantFrom(...classics), fc.string({ unit: "binary", maxLength: 6 }));
    const made = fc
      .array(parts, { minLength: 2, maxLength: 6 })
      .map((some) => some.join("").replaceAll("\0", "").toWellFormed());
    const texts = [...classics, ...fc.sample(made, { numRuns: 8_000 - classics.length, seed: 20_261_122 })];
    expect(texts.length).toBe(8_000);
    expect(new Set(texts).size).toBeGreaterThan(7_000);
    const batches = Array.from({ length: 160 }, (_, n) => texts.slice(n * 50, n * 50 + 50));
    const given = await Promise.all(batches.map(echoed));
    given.forEach((words, n) => {
      expect(words).toEqual(batches[n]);
    });
  });

  it("sends nothing that holds NUL", async () => {
    await expect(runner.start(["/usr/bin/printf", "a\0b"], AbortSignal.timeout(5_000), 5_000)).rejects.toThrow(
      "can't hold NUL",
    );
  });

  describe("with the forced command before its key", () => {
    let forced: ReturnType<typeof sshRunner>;
    beforeAll(() => {
      const path = join(lab.folder, "command");
      writeFileSync(path, forcedCommand(), { mode: 0o755 });
      const pair = newKeyPair();
      appendFileSync(join(lab.folder, "ssh/user.pub"), `restrict,command="${path}" ${pair.public}\n`);
      forced = sshRunner({ ...labSsh(lab), key: pair.private });
    });
    afterAll(() => forced.close());

    it("runs what is in the table", async () => {
      const { stdout, code } = await shellOver(forced, readingCommands).run("blockDevices", {});
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveProperty("blockdevices");
    });

    it("says of a program that is not there what it would say without", async () => {
      await expect(
        shellOver(forced, readingCommands).run("midcltRead", { method: "pool.query", params: ["[]"] }),
      ).rejects.toMatchObject({ code: "unsupported", message: "midclt is not installed on 127.0.0.1." });
    });

    it("refuses all else, and says what to do", async () => {
      const other = { ...readingCommands.blockDevices, words: ["--all"] };
      await expect(shellOver(forced, { other }).run("other", {})).rejects.toMatchObject({
        code: "refused",
        message: "The forced command of the ssh key on 127.0.0.1 does not know a command of this version.",
      });
    });
  });
});
