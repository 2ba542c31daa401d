import { StewardError } from "../../shared/errors.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Pool } from "../../systems/zfs/port.ts";
import { saySpan } from "./words.ts";

export type ScrubWish = "start" | "pause" | "resume" | "stop";

/** What a plan to scrub was made on. How far a scrub has come is left out: it moves on while a person decides. */
export function scrubBasis({ guid, state, scan }: Pool): JsonObject {
  return {
    pool_guid: guid,
    state,
    scan: scan && { function: scan.function, state: scan.state, started_at: scan.started_at },
  };
}

/** Throws where it can't be done, or is done already. Errors: nothing_to_do, conflict. */
export function checkScrub(wish: ScrubWish, { name, state, scan }: Pool): void {
  if (state !== "online" && state !== "degraded")
    throw new StewardError("conflict", `${name} is not usable now.`, "get_storage says what is wrong with it.");
  if (scan?.function === "resilver" && scan.state === "running")
    throw new StewardError(
      "conflict",
      `${name} is resilvering: ${scan.done_percent} % is done${scan.eta_s === null ? "" : `, about ${saySpan(scan.eta_s)} to go`}.`,
      "Wait until it has ended; get_storage follows it.",
    );
  const is = scan?.function === "scrub" ? scan.state : null;
  const already = { start: "running", resume: "running", pause: "paused", stop: null }[wish];
  if (is !== null && is === already)
    throw new StewardError("nothing_to_do", `The scrub of ${name} is ${is} already.`, "get_storage follows it.");
  if (wish === "start" && is === "paused")
    throw new StewardError("conflict", `A scrub of ${name} is paused.`, "Resume it, or stop it first.");
  if (wish === "resume" && is !== "paused")
    throw new StewardError("nothing_to_do", `No scrub of ${name} is paused.`, "Start one.");
  if ((wish === "pause" && is !== "running") || (wish === "stop" && is !== "running" && is !== "paused"))
    throw new StewardError("nothing_to_do", `No scrub of ${name} is running.`, "get_storage shows the last one.");
}

/** What a person should know before it. */
export function scrubWarnings(wish: ScrubWish, { name, state, scan }: Pool): string[] {
  if (wish === "stop") return [`It forgets how far it came (${scan?.done_percent ?? 0} %): the next one starts anew.`];
  if (wish === "pause") return [];
  return [
    "It reads everything that is stored: for hours, and the disks are slower for all else meanwhile.",
    ...(state === "degraded"
      ? [`${name} is degraded: replace the failed disk first, what is damaged now may not be repairable.`]
      : []),
  ];
}

/** Where the scrub stands, against what it was planned on. `was` is what stood in {@link scrubBasis}. */
export function judgeScrub(
  wish: ScrubWish,
  was: { state: string; started_at: number } | null,
  { name, scan }: Pool,
): { is: "after" | "before" | "neither"; why: string } {
  const now = scan?.function === "scrub" ? scan : null;
  const why = now === null ? `${name} shows no scrub.` : `The scrub of ${name} is ${now.state}.`;
  const same = now?.started_at === was?.started_at;
  if (same && (now?.state ?? null) === (was?.state ?? null)) return { is: "before", why };
  // One that was begun and stopped again leaves no more than its trace.
  if (wish === "start" && now?.state === "canceled") return { is: "before", why };
  // A small pool is through before anybody looks.
  const goesOn = now !== null && (now.state === "running" || now.state === "finished");
  const after = {
    start: goesOn && !same,
    resume: goesOn && same,
    pause: now?.state === "paused" && same,
    stop: now?.state === "canceled" && same,
  }[wish];
  return { is: after ? "after" : "neither", why };
}
