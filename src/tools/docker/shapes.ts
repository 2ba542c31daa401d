import { z } from "zod";
import { saySince } from "../../shared/errors.ts";
import type { Answer } from "../../systems/fleet.ts";

/** Hosts that gave no answer, and why; the rest of an answer goes on without them. */
export const silentHosts = z.array(
  z.object({ host: z.string(), code: z.string(), message: z.string(), fix: z.string(), since: z.string().optional() }),
);

export function silentOf(answers: readonly Answer<unknown>[]): z.output<typeof silentHosts> {
  return answers.flatMap((answer) => (answer.ok ? [] : [{ host: answer.host, ...answer.problem }]));
}

/** One line a host, for the text of an answer. */
export function saySilent(hosts: z.output<typeof silentHosts>): string[] {
  return hosts.map(({ host, message, fix, since }) => `${host} does not answer${saySince(since)}: ${message} ${fix}`);
}

export const severity = z.enum(["critical", "warning", "info"]);
