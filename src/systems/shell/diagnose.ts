import { asProblem, type Problem } from "../../shared/errors.ts";
import { connectShell } from "./connect.ts";
import type { ShellConnection } from "./port.ts";
import { readingCommands } from "./table.ts";

/** What `home-steward doctor` says of one machine's command line. */
export interface ShellDiagnosis {
  reachable: boolean;
  /** Programs that answered: "zpool", "smartctl". */
  works: string[];
  /** Programs that are not installed there: no mistake by itself. */
  missing: string[];
  /** What is in the way, and how to mend it. */
  problems: Problem[];
}

/** One command of each program. `smartctl` stands for all that needs root: the lines for sudo are installed together. */
const tries = [
  ["lsblk", "blockDevices"],
  ["zpool", "zpoolList"],
  ["zfs", "zfsVersion"],
  ["smartctl", "smartctlScan"],
] as const;

/** Tries one machine over a connection of its own, reading only. Never rejects. */
export async function diagnoseShell(connection: ShellConnection): Promise<ShellDiagnosis> {
  const shells = connectShell(connection);
  const found: ShellDiagnosis = { reachable: true, works: [], missing: [], problems: [] };
  try {
    for (const [program, command] of tries) {
      try {
        await shells.reading.run(command, {});
        found.works.push(program);
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code === "unsupported") {
          found.missing.push(program);
          continue;
        }
        found.problems.push(problem);
        // The rest would only say the same again. What needs no root and is refused was refused at the door.
        if (problem.code !== "refused" || !readingCommands[command].root) return { ...found, reachable: false };
      }
    }
    return found;
  } finally {
    await shells.close();
  }
}
