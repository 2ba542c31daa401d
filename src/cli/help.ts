import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";

/** What `--help` prints. */
export function help(): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  const width = Math.max(...shown.map(({ usage }) => usage.length));
  return [
    "Home Steward: Claude looks after your home server, and changes only what you approved.",
    "",
    "Usage: home-steward [COMMAND]",
    "",
    ...shown.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`),
    `  ${"--help, --version".padEnd(width)}  this, or the version`,
    "",
    "Exit codes:",
    ...Object.values(exitCodes).map(({ code, meaning }) => `  ${code}  ${meaning}`),
    "",
    "Configuration: --config, HOME_STEWARD_CONFIG, or config.yaml in the configuration folder (docs/config.md).",
    "",
  ].join("\n");
}
