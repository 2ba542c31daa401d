import { StewardError } from "../../shared/errors.ts";
import type { Command } from "./command.ts";
import { wordAsEre } from "./ere.ts";
import { defaultRoots } from "./slots.ts";
import { changingCommands, readingCommands } from "./table.ts";

/**
 * The lines with which sudo runs exactly this table's commands for `user`, without a password. Regular expressions need
 * sudo 1.9.10 (2022): an older one takes "^" for a plain letter and allows nothing by these lines.
 * Errors: bad_input (no name of a user). docs/decisions/0005 says what sudo can't be told, and what that leaves to others.
 */
export function sudoers(user: string, roots: readonly string[] = defaultRoots): string {
  // Anything else would be read as sudoers' own words: a group, an alias, a list.
  if (user === "ALL" || !/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(user))
    throw new StewardError("bad_input", "That is not the name of a user.", "Give the one Home Steward logs in as.");
  const lines = [...Object.values(readingCommands), ...Object.values(changingCommands)]
    .filter(({ root }) => root)
    .flatMap((one) => allowed(one, roots));
  return [
    `# What Home Steward runs as root on this machine. Install it with: visudo -f /etc/sudoers.d/home-steward`,
    "# Each line is a program, and a regular expression for all of its arguments (sudo 1.9.10 or newer).",
    "Cmnd_Alias HOME_STEWARD = \\",
    `${lines.map((line) => `    ${line}`).join(", \\\n")}`,
    `${user} ALL = (root) NOPASSWD: HOME_STEWARD`,
    "",
  ].join("\n");
}

/** sudo joins arguments with spaces before it compares, so a name that holds one can't be told from two names: left out. */
function allowed({ program, words }: Command, roots: readonly string[]): string[] {
  const expression = words.map((word) => (wordAsEre(word, roots) ?? never()).replaceAll(" -]", "-]")).join(" ");
  return program.map((path) => `${path} ^${expression}$`);
}

function never(): never {
  throw new Error("JSON words are for programs that need no root.");
}
