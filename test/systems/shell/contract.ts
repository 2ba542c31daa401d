import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Word } from "../../../src/systems/shell/command.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import type { Slot } from "../../../src/systems/shell/slots.ts";

const anything = { slot: "text", is: "anything", pattern: "[^\u0000]*", max: 10_000 } as const;
const file = { slot: "file", is: "a path", pattern: "/.*", max: 1000 } as const;

function program<const W extends readonly Word[]>(place: readonly string[], words: W, limits = {}) {
  return { program: place, words, root: false, timeout_ms: 20_000, max_bytes: 2_000_000, ...limits };
}
/** A script of the test's own, with a slot as $1. */
const script = <S extends Slot>(text: string, slot: S, limits = {}) =>
  program(["/bin/sh"], ["-c", text, "sh", slot], limits);

/** Says its pid into a file, then goes on for ever. */
const pidThen = (rest: string) => `echo $$ >"$1.new"; mv "$1.new" "$1"; ${rest}`;

const table = {
  environment: program(["/usr/bin/env"], []),
  words: program(["/nowhere/printf", "/usr/bin/printf"], ["%s\\0%s\\0", "fixed words", anything]),
  reads: script("cat; exit 4", anything),
  both: script('echo "out $1"; echo "err $1" >&2; exit 3', anything),
  killed: script("kill -9 $$", anything),
  missing: program(["/nowhere/zpool", "/nowhere/else/zpool"], []),
  much: script(pidThen('while :; do echo "0123456789"; done'), file, { max_bytes: 50_000 }),
  noisy: script('i=0; while [ $i -lt 20000 ]; do echo "0123456789" >&2; i=$((i+1)); done; echo end', anything),
  lines: script('printf "one\\ntwo\\n\\nfö"; sleep 0.1; printf "ur"', anything),
  records: script("printf 'one\\ntwo\\0\\377\\376\\0'; sleep 0.1; printf '\\0cut'", anything),
  bad: script("echo one; exit 4", anything),
  /** As find where a folder can't be read. */
  answered: script("printf 'one\\n'; exit 1", anything, { answers: [0, 1] }),
  endless: script(
    pidThen('i=0; while :; do i=$((i+1)); echo "$i" >"$1.count"; echo "line $i of a list without end"; done'),
    file,
  ),
  silent: script(pidThen("exec sleep 600"), file, { timeout_ms: 5_000 }),
  short: script('sleep 0.02; echo "$1"', anything),
};

/** What every way to a machine's command line keeps to. `folder` is on that machine, and on this one. */
export function shellContract(name: string, open: () => Promise<{ runner: Runner; close(): Promise<void> }>): void {
  describe(`the shell of ${name}`, () => {
    let rig: Awaited<ReturnType<typeof open>>;
    let shell: ReturnType<typeof shellOver<typeof table>>;
    const folder = mkdtempSync(join(tmpdir(), "home-steward-shell-"));
    let files = 0;
    const newFile = () => join(folder, String(++files));

    beforeAll(async () => {
      rig = await open();
      shell = shellOver(rig.runner, table);
    });
    afterAll(async () => {
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("answers with both outputs and the exit code", async () => {
      expect(await shell.run("both", { text: "é" })).toEqual({ stdout: "out é\n", stderr: "err é\n", code: 3 });
    });

    it.each([
      "",
      "-rf",
      "two words",
      "it's",
      '"$(id)"',
      "`id`",
      "a\nb",
      "*",
      "~",
      "!!",
      "\\",
      "é\u{1f600}",
      "\u001b[31m",
      "%s",
      ";&|<>",
    ])("hands on %j as it is, from the first place where the program is", async (text) => {
      expect((await shell.run("words", { text })).stdout).toBe(`fixed words\0${text}\0`);
    });

    it("gives programs no environment but its own", async () => {
      const { stdout } = await shell.run("environment", {});
      expect(stdout.split("\n").toSorted()).toEqual([
        "",
        "LC_ALL=C",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
        "TZ=UTC",
      ]);
    });

    it("says which program is not installed, and where it was looked for", async () => {
      await expect(shell.run("missing", {})).rejects.toMatchObject({
        code: "unsupported",
        message: `zpool is not installed on ${rig.runner.name}.`,
        fix: "Install it there; it is looked for at /nowhere/zpool, /nowhere/else/zpool.",
      });
    });

    it("gives 128 and the number of a signal that ended a program", async () => {
      expect((await shell.run("killed", { text: "" })).code).toBe(137);
    });

    it("ends a program that says too much", async () => {
      const path = newFile();
      await expect(shell.run("much", { file: path })).rejects.toMatchObject({ code: "wrong_answer" });
      await ended(path);
    });

    it("reads past the beginning of stderr, so that the program can go on", async () => {
      const { stdout, stderr } = await shell.run("noisy", { text: "" });
      expect({ stdout, kept: stderr.length }).toEqual({ stdout: "end\n", kept: 65_536 });
    });

    it("gives lines as they come, and the last one without a newline", async () => {
      const seen: string[] = [];
      for await (const line of shell.lines("lines", { text: "" })) seen.push(line);
      expect(seen).toEqual(["one", "two", "", "föur"]);
    });

    it("says after the last line that a list is not whole", async () => {
      const seen: string[] = [];
      const reading = async () => {
        for await (const line of shell.lines("bad", { text: "" })) seen.push(line);
      };
      await expect(reading()).rejects.toMatchObject({
        code: "wrong_answer",
        message: expect.stringContaining("code 4"),
      });
      expect(seen).toEqual(["one"]);
    });

    it("gives records as they are between NULs, without one that was cut off", async () => {
      const seen: string[] = [];
      for await (const some of shell.records("records", { text: "" }))
        seen.push(...some.map((record) => record.toString("latin1")));
      expect(seen).toEqual(["one\ntwo", "\u00ff\u00fe", ""]);
    });

    it("takes an exit code for an answer where the table says that it is one", async () => {
      const seen: string[] = [];
      for await (const line of shell.lines("answered", { text: "" })) seen.push(line);
      expect(seen).toEqual(["one"]);
    });

    it("gives a program what it is to read, and nothing else", async () => {
      const input = Buffer.from(`\0'"\u00e9\n${"much ".repeat(200_000)}`);
      const { stdout, code } = await shell.run("reads", { text: "" }, { input });
      expect(code).toBe(4);
      expect(stdout === input.toString()).toBe(true);
    });

    it("does not mind a program that reads nothing of it", async () => {
      const input = Buffer.alloc(1_000_000, "x");
      expect((await shell.run("both", { text: "" }, { input })).code).toBe(3);
    });

    it("lets the program wait while a line is looked at, and ends it when the loop is left", async () => {
      const path = newFile();
      for await (const line of shell.lines("endless", { file: path })) {
        expect(line).toBe("line 1 of a list without end");
        // Pipes and windows fill, then it stands still.
        const count = await steady(() => Number(readFileSync(`${path}.count`, "utf8")));
        expect(count).toBeLessThan(500_000);
        break;
      }
      await ended(path);
    });

    it("ends a silent program at the caller's signal, with its reason", async () => {
      const path = newFile();
      const stop = new AbortController();
      const running = shell.run("silent", { file: path }, { signal: stop.signal });
      await appeared(path);
      stop.abort(new Error("enough"));
      await expect(running).rejects.toThrow("enough");
      await ended(path);
    });

    it("ends a program that takes too long", async () => {
      const path = newFile();
      const running = shell.run("silent", { file: path }, { timeoutMs: 1500 });
      await expect(running).rejects.toMatchObject({ code: "timeout", message: expect.stringContaining("1.5 seconds") });
      await appeared(path);
      await ended(path);
    });

    it("starts nothing for a caller who is gone", async () => {
      const path = newFile();
      const signal = AbortSignal.abort(new Error("gone"));
      await expect(shell.run("silent", { file: path }, { signal })).rejects.toThrow("gone");
      expect(existsSync(path)).toBe(false);
    });

    it("answers 40 at once", async () => {
      const texts = Array.from({ length: 40 }, (_, n) => String(n));
      const answers = await Promise.all(texts.map((text) => shell.run("short", { text })));
      expect(answers.map(({ stdout }) => stdout)).toEqual(texts.map((text) => `${text}\n`));
    });

    async function appeared(path: string): Promise<void> {
      await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
    }
    async function ended(path: string): Promise<void> {
      const pid = Number(readFileSync(path, "utf8"));
      await expect.poll(() => alive(pid), { timeout: 15_000 }).toBe(false);
    }
  });
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The value once two readings, a moment apart, are the same. */
async function steady(read: () => number): Promise<number> {
  for (let before = -1; ; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = read();
    if (now === before) return now;
    before = now;
  }
}
