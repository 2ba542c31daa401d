import { commands } from "../../src/cli/commands.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { code, row } from "./markdown.ts";

/** docs/cli.md: the commands as `--help` knows them, and what each exit code means. */
export function cliPage(): string {
  return [
    "# The command line",
    "",
    "`home-steward`; in a checkout `npx home-steward`, which takes the Node that is installed there. What a command answers goes to stdout, everything else to stderr.",
    "",
    row("Command", "What it does"),
    row("---", "---"),
    ...commands.filter(({ hidden }) => !hidden).map(({ usage, summary }) => row(code(usage), summary)),
    row(code("--help"), "all commands and exit codes"),
    row(code("--version"), "the version"),
    "",
    "## Exit codes",
    "",
    row("Code", "Meaning"),
    row("---", "---"),
    ...Object.values(exitCodes).map(({ code: number, meaning }) => row(String(number), meaning)),
    "",
  ].join("\n");
}
