import { literal } from "../../shared/literal.ts";
import type { Command } from "./command.ts";
import { wordAsEre } from "./ere.ts";
import { forcedCommandRefuses } from "./failures.ts";
import { remoteLine } from "./over-ssh.ts";
import { quote } from "./quote.ts";
import { defaultRoots } from "./slots.ts";
import { changingCommands, readingCommands } from "./table.ts";

const { code, says } = forcedCommandRefuses;

/**
 * A script for the machine that Home Steward logs in to: as the forced command of its ssh key it lets that key run
 * nothing but the commands of this table. It compares the line with what quote.ts makes of each command, so all that it
 * hands to `eval` are words in single quotes.
 */
export function forcedCommand(roots: readonly string[] = defaultRoots): string {
  const commands = [...Object.values(readingCommands), ...Object.values(changingCommands)];
  const lines = commands.map((command) => lineAsEre(command, roots));
  return `#!/bin/sh
# Lets an ssh key run Home Steward's commands and nothing else. Install it as root, then put it before the key:
#   install -m 755 THIS-FILE /usr/local/sbin/home-steward-command
#   ~/.ssh/authorized_keys:  restrict,command="/usr/local/sbin/home-steward-command" ssh-ed25519 AAAA...
# For Docker over the same key write restrict,port-forwarding,command=... instead.
PATH=/usr/bin:/bin
LC_ALL=C
export PATH LC_ALL

refuse() {
  echo ${quote([says])} >&2
  exit ${code}
}

# One extended regular expression a command, for the whole line behind the cleared environment.
commands() {
  cat <<'COMMANDS'
${lines.join("\n")}
COMMANDS
}

asked=\${SSH_ORIGINAL_COMMAND-}
cleared=${quote([`${remoteLine([])} `])}
line_break='
'
case $asked in
*"$line_break"*) refuse ;;
"$cleared"*) ;;
*) refuse ;;
esac
printf '%s\\n' "\${asked#"$cleared"}" | grep -Exq -e "$(commands)" || refuse
eval "exec $asked"
`;
}

/** As {@link quote} writes it: each word in single quotes, which no slot's pattern can hold. */
function lineAsEre({ program, words, root }: Command, roots: readonly string[]): string {
  const place = `'(${program.map(literal).join("|")})'`;
  const rest = words.map((word) => {
    const expression = wordAsEre(word, roots);
    return expression === null ? "( '[^']*')*" : ` '${expression}'`;
  });
  // As root without sudo, and with a limit (over-ssh.ts).
  return `('/usr/bin/timeout' '[0-9]+' )?${root ? "('sudo' '-n' '--' )?" : ""}${place}${rest.join("")}`;
}
