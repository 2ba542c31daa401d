import { type ErrorCode, StewardError } from "../../shared/errors.ts";

/**
 * Turns what TrueNAS says no with, and what goes wrong on the way to it, into our own words. Its own sentence is only
 * searched for what we know, and goes along as the cause for the log.
 */

/** What a call was refused with, from either framing. */
export interface CallFailure {
  /** "ENOENT", "EBUSY", "INVALID_PARAMS" …; "" where none was told. */
  name: string;
  /** TrueNAS's own sentence. */
  reason: string;
}

/** A call that was sent and never answered: it may have run. */
export class Unanswered extends StewardError {}

type Said = readonly [code: ErrorCode, message: string, fix: string];

/** What only the sentence tells: OpenZFS's own, behind EFAULT. */
const inSentences: readonly (readonly [pattern: RegExp, said: Said])[] = [
  [/dependent clone/i, ["conflict", "That snapshot has clones.", "Look at its clones first."]],
  [/more recent snapshots/i, ["conflict", "There are newer snapshots.", "Remove those first, each by itself."]],
  [/already exists/i, ["conflict", "That exists already.", "Look at it again, or choose another name."]],
  [/no valid replicas/i, ["conflict", "The pool would be lost without that disk.", "Replace the other disk first."]],
  [/not clean, partitions/i, ["conflict", "That disk has partitions.", "Empty it first, if nothing on it is needed."]],
  [/no active scrub/i, ["conflict", "No scrub is running.", "Look at the pool again."]],
  [/dataset is busy/i, ["conflict", "That is held or in use.", "Look at its holds, and at what uses it."]],
];

const byName: Readonly<Record<string, Said>> = {
  EACCES: ["refused", "TrueNAS does not let this API key do that.", "Give its user the role that METHOD asks for."],
  EBUSY: ["conflict", "TrueNAS is busy with that already.", "Wait for what is running, then look again."],
  EDATASETISLOCKED: ["conflict", "That dataset is locked.", "Unlock it in TrueNAS first."],
  EEXIST: ["conflict", "That exists already.", "Look at it again, or choose another name."],
  EINVAL: ["bad_input", "TrueNAS did not accept the arguments of METHOD.", "Its log says what it missed."],
  ENOENT: ["not_found", "TrueNAS knows nothing of that name.", "List what there is, then try again."],
  ENOMETHOD: ["unsupported", "This release of TrueNAS has no METHOD.", "Update TrueNAS, or do this in its own UI."],
  ENOSPC: ["refused", "TrueNAS has no space left for that.", "Free space in the pool, then try again."],
  ENOTAUTHENTICATED: ["refused", "TrueNAS ended the session.", "Try again: the next call logs in anew."],
  TOO_MANY_CALLS: ["refused", "TrueNAS gets too many calls at once.", "Wait a moment, then try again."],
};
const aliases: Readonly<Record<string, string>> = {
  EPERM: "EACCES",
  INVALID_PARAMS: "EINVAL",
  METHOD_NOT_FOUND: "ENOMETHOD",
};

/** The name that 24.x and failed jobs tell only in their sentence: "[ENOENT] …". */
export const sentenceName = (reason: string): string => /^\[(E[A-Z]+)\]/.exec(reason)?.[1] ?? "";

/** A call that TrueNAS answered with an error. */
export function refusal(method: string, { name, reason }: CallFailure): StewardError {
  const cause = new Error(`${method}: ${name} ${reason}`);
  if (/rate limit exceeded/i.test(reason)) return rateLimited(cause);
  const found = inSentences.find(([pattern]) => pattern.test(reason))?.[1] ?? byName[aliases[name] ?? name];
  const [code, message, fix]: Said = found ?? [
    "refused",
    `TrueNAS could not do that${/^E[A-Z]+$/.test(name) ? ` (${name})` : ""}.`,
    "Its log (/var/log/middlewared.log) says why.",
  ];
  const own = (text: string) => text.replace("METHOD", method);
  return new StewardError(code, own(message), own(fix), { cause });
}

const rateLimited = (cause: Error) =>
  new StewardError(
    "refused",
    "TrueNAS refuses logins for a while: there were too many from this address.",
    "Wait ten minutes. See whether another program logs in there again and again.",
    { cause },
  );

/** Something answers, but not as TrueNAS does. */
export function wrongAnswer(what: string, cause?: unknown): StewardError {
  const fix = "Check that truenas.url names a TrueNAS and no other service.";
  return new StewardError("wrong_answer", `TrueNAS answered ${what}.`, fix, { cause });
}

export const starting = (cause?: unknown) =>
  new StewardError(
    "unreachable",
    "TrueNAS is there, but its middleware is not running.",
    "It may be starting: wait a minute, then try again.",
    { cause },
  );

/** The connection went. What had not been sent has not run. */
export const lost = (cause?: unknown) =>
  new StewardError(
    "unreachable",
    "The connection to TrueNAS was lost.",
    "Try again: the next call connects anew. Check the machine and its network if that fails.",
    { cause },
  );

/** The same for a call that was under way. */
export const unanswered = (why: StewardError) =>
  why instanceof Unanswered ? why : new Unanswered(why.code, why.message, why.fix, { cause: why });

export const late = (what: string, ms: number) =>
  new Unanswered(
    "timeout",
    `TrueNAS did not ${what} within ${Math.round(ms / 100) / 10} s.`,
    "See whether it is overloaded or stuck, then try again.",
  );

/** What Node says of a connection, by its code. */
export function explain(error: unknown, host: string): StewardError {
  if (error instanceof StewardError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const told = (...[kind, message, fix]: Said) => new StewardError(kind, message, fix, { cause: error });
  if (code === "ECONNREFUSED")
    return told("unreachable", `Nothing listens at ${host}.`, "Start TrueNAS, or correct truenas.url.");
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return told("unreachable", `${host} has no known address.`, "Correct truenas.url or its DNS name.");
  if (/^(?:EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EHOSTDOWN)$/.test(code))
    return told("unreachable", `${host} does not answer.`, "Check that it is on and in this network.");
  if (/CERT|ALTNAME|SIGNATURE|ISSUER/.test(code) && !code.includes("ALERT"))
    return told(
      "refused",
      "The certificate that TrueNAS shows can't be verified.",
      "Set truenas.fingerprint to the one home-steward doctor shows, after comparing it on that machine.",
    );
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return wrongAnswer("something that is not TLS", error);
  if (code.startsWith("HPE_") || code.startsWith("WS_ERR")) return wrongAnswer("something else than asked", error);
  return told("unreachable", `There is no connection to ${host}.`, "Check the machine and its network.");
}
