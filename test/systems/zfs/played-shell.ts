import type { RunResult, Shell } from "../../../src/systems/shell/port.ts";
import type { ReadingCommands } from "../../../src/systems/shell/table.ts";

/** What each command prints, or how it fails; the value of its only slot is added: "zfsHolds tank@a". */
export type Recording = Readonly<Record<string, string | Partial<RunResult> | Error>>;

/** A shell that plays what was recorded, and keeps what it was asked for. */
export function playedShell(recording: Recording): Shell<ReadingCommands> & { asked: string[] } {
  const asked: string[] = [];
  const play = (command: string, slots: object): RunResult => {
    const key = [command, ...Object.values(slots)].join(" ");
    asked.push(key);
    const said = recording[key];
    if (said === undefined) throw new Error(`nothing was recorded for ${key}`);
    if (said instanceof Error) throw said;
    return { stdout: "", stderr: "", code: 0, ...(typeof said === "string" ? { stdout: said } : said) };
  };
  return {
    asked,
    run: async (command, slots) => play(command, slots),
    async *lines(command, slots) {
      for (const line of play(command, slots).stdout.split("\n")) if (line !== "") yield line;
    },
    async *records(command, slots) {
      yield play(command, slots)
        .stdout.split("\0")
        .slice(0, -1)
        .map((record) => Buffer.from(record));
    },
  };
}
