import { basename } from "node:path/posix";
import { StewardError } from "../../shared/errors.ts";
import type { Command } from "./command.ts";

/** The forced command (forced-command.ts) says no with these, so that its no is not taken for a program's. */
export const forcedCommandRefuses = { code: 126, says: "home-steward forced command: refused" } as const;

/**
 * Tells a program that ran from one that did not, by how it ended. Errors: refused (sudo or the forced command says no).
 */
export function judge(
  where: string,
  command: Command,
  { code, stderr }: { code: number; stderr: string },
  sudo: boolean,
): "ran" | "missing" {
  const { code: refusedCode, says } = forcedCommandRefuses;
  if (code === refusedCode && stderr.startsWith(says)) throw notInForcedCommand(where);
  if (code === 127) {
    if (sudo) throw notPermitted(where, command, "no_sudo");
    return "missing";
  }
  // With LC_ALL=C sudo speaks English, and says first that a program is not there at all.
  if (!sudo || code !== 1) return "ran";
  if (/^sudo: [^\n]*: command not found$/m.test(stderr)) return "missing";
  if (/^sudo: |^Sorry, user /m.test(stderr)) throw notPermitted(where, command, "asks");
  return "ran";
}

const printsSudoers = "home-steward setup --print-sudoers";

function notPermitted(where: string, { program: [path = ""] }: Command, why: "no_sudo" | "asks"): StewardError {
  if (why === "no_sudo")
    return new StewardError(
      "refused",
      `${basename(path)} needs root on ${where}, and there is no sudo.`,
      `Install sudo there, with the lines that ${printsSudoers} prints, or let Home Steward log in as root.`,
    );
  return new StewardError(
    "refused",
    `sudo on ${where} asks for a password before it runs ${basename(path)}, and Home Steward has none to give.`,
    `Put the lines that ${printsSudoers} prints into a file of /etc/sudoers.d there (with visudo -f).`,
  );
}

export function notInstalled(where: string, { program }: Command): StewardError {
  return new StewardError(
    "unsupported",
    `${basename(program[0] ?? "")} is not installed on ${where}.`,
    `Install it there; it is looked for at ${program.join(", ")}.`,
  );
}

/** It is older than this table, or made for another purpose. */
function notInForcedCommand(where: string): StewardError {
  return new StewardError(
    "refused",
    `The forced command of the ssh key on ${where} does not know a command of this version.`,
    "Install it anew: home-steward setup --print-forced-command prints it.",
  );
}

export function tooLate(where: string, { program: [path = ""] }: Command, ms: number): StewardError {
  return new StewardError(
    "timeout",
    `${basename(path)} on ${where} did not end within ${ms / 1000} seconds.`,
    "Look whether a disk or the machine is stuck, and try again.",
  );
}

export function endedBadly(where: string, { program: [path = ""] }: Command, code: number, said: string): StewardError {
  return new StewardError(
    "wrong_answer",
    `${basename(path)} on ${where} ended with code ${code} before its list was whole.`,
    "Run it by hand on that machine to see what it says.",
    { cause: new Error(said) },
  );
}
