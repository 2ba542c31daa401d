import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { connectSmart } from "../../../src/systems/smart/index.ts";

/** What a program prints and how it ends, by its last word: a disk's path, or "-j" of a scan. */
export type Script = Readonly<Record<string, { prints: unknown; code?: number }>>;

const program = `#!/bin/sh
printf '%s\\n' "$0 $*" >> "$(dirname "$0")/asked"
for last; do :; done
file="$0.$(printf %s "$last" | tr '/' '_')"
[ -e "$file" ] || exit 127
cat "$file"
exit "$(cat "$file.code")"
`;

/**
 * smartctl and lsblk as real programs that play back what a test wrote, behind the real table of commands; on this
 * machine, or `over` another way to it.
 */
export function fakeTools(smartctl: Script, lsblk?: Script, over?: Runner) {
  const folder = mkdtempSync(join(tmpdir(), "steward-smart-"));
  for (const [name, script] of Object.entries({ smartctl, lsblk })) {
    if (!script) continue;
    writeFileSync(join(folder, name), program, { mode: 0o755 });
    for (const [last, { prints, code = 0 }] of Object.entries(script)) {
      const file = join(folder, `${name}.${last.replaceAll("/", "_")}`);
      writeFileSync(file, typeof prints === "string" ? prints : JSON.stringify(prints));
      writeFileSync(`${file}.code`, String(code));
    }
  }
  const asked: string[][] = [];
  const runner: Runner = {
    name: "the test's machine",
    root: true,
    async start([path = "", ...args], signal, timeoutMs) {
      asked.push([basename(path), ...args]);
      if (over) return over.start([join(folder, basename(path)), ...args], signal, timeoutMs);
      const child = spawn(join(folder, basename(path)), args, { stdio: ["ignore", "pipe", "pipe"] });
      const { promise: exit, resolve } = Promise.withResolvers<number>();
      child.once("error", () => resolve(127));
      child.once("close", (code) => resolve(code ?? 128));
      return { stdout: child.stdout, stderr: child.stderr, exit, stop: () => void child.kill() };
    },
    close: async () => {},
  };
  const shells = {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: () => runner.close(),
  };
  return {
    ...connectSmart(shells, { now: () => 1_700_000_000_000 }),
    /** The words of every call, program first. */
    asked,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
