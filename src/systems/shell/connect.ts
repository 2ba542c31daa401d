import { localRunner } from "./local.ts";
import { sshRunner } from "./over-ssh.ts";
import type { ShellConnection, Shells } from "./port.ts";
import { shellOver } from "./shell.ts";
import { changingCommands, readingCommands } from "./table.ts";

/**
 * One machine's command line, both ways. `roots`: folders that commands over trees keep to (/mnt if left out). Never
 * throws here, so that a server starts with every machine down.
 */
export function connectShell(connection: ShellConnection, roots?: readonly string[]): Shells {
  const runner = connection.kind === "local" ? localRunner() : sshRunner(connection.ssh);
  return {
    reading: shellOver(runner, readingCommands, roots),
    changing: shellOver(runner, changingCommands, roots),
    close: () => runner.close(),
  };
}
