import { StewardError } from "../../shared/errors.ts";
import type { DiskFacts } from "./decode/decode.ts";
import type { PoolPlace } from "./in-pool.ts";

export const selfTestActions = ["short", "long", "abort"] as const;
export type SelfTestAction = (typeof selfTestActions)[number];

/** A drive's log of self-tests in a line, so that a new entry shows; outcomes and hours only, none of its own words. */
export const testLog = ({ self_tests }: DiskFacts): string =>
  self_tests.map(({ outcome, at_hours }) => `${outcome}@${at_hours ?? "?"}`).join(" ");

/**
 * Throws where a test can't begin, or where there is none to abort. `facts` is null of a disk that sleeps.
 * Errors: conflict, nothing_to_do, unsupported.
 */
export function checkSelfTest(action: SelfTestAction, facts: DiskFacts | null): void {
  const runs = facts?.self_test_runs === true;
  if (action === "abort" && !runs)
    throw new StewardError(
      "nothing_to_do",
      "No self-test runs on this disk.",
      "get_disks shows how the last one ended.",
    );
  if (action !== "abort" && runs)
    throw new StewardError(
      "conflict",
      `A self-test runs on this disk already${remaining(facts)}.`,
      "Wait for its end, or plan to abort it.",
    );
  if (facts?.monitored === "no" && facts.self_tests.length === 0)
    throw new StewardError(
      "unsupported",
      "This disk tells nothing of itself: a test could not be followed.",
      "Attach it directly, or through a bridge that passes SMART on.",
    );
  if (facts?.self_tests_supported === false)
    throw new StewardError("unsupported", "This disk has no self-tests.", "A scrub reads what a pool has on it.");
}

/** "self-test: none runs → long, about 24 h by the drive's own estimate" */
export function selfTestChange(action: SelfTestAction, facts: DiskFacts | null): string {
  if (action === "abort") return `self-test: one runs${remaining(facts)} → none`;
  const minutes = facts?.self_test_minutes[action] ?? null;
  const takes =
    minutes === null
      ? "how long it takes is not told"
      : `about ${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} by the drive's own estimate`;
  return `self-test: none runs → ${action}, ${takes}`;
}

/** What a person should know before it. */
export function selfTestWarnings(
  action: SelfTestAction,
  { asleep, urgent, place }: { asleep: boolean; urgent: boolean; place: PoolPlace | null },
): string[] {
  if (action === "abort") return ["What it has tested so far is lost."];
  return [
    ...(asleep ? ["The disk sleeps: the test wakes it, and keeps it awake to its end."] : []),
    ...(urgent && action === "long"
      ? ["This disk is judged urgent: being read from end to end may finish it. Have a backup first."]
      : []),
    ...(place?.scan ? [`A ${place.scan} runs on its pool: both take longer together.`] : []),
  ];
}

/** Where the disk stands: by whether a test runs, and by what its log has gained. `log` is null where it slept. */
export function judgeSelfTest(
  action: SelfTestAction,
  log: string | null,
  facts: DiskFacts,
): { is: "after" | "before" | "neither"; why: string } {
  if (facts.self_test_runs)
    return { is: action === "abort" ? "before" : "after", why: `A self-test runs${remaining(facts)}.` };
  if (action === "abort") return { is: "after", why: "No self-test runs." };
  if (log === null) return { is: "neither", why: "No self-test runs, and what the log held before is not known." };
  if (testLog(facts) === log) return { is: "before", why: "No self-test runs, and the log has no new entry." };
  const newest = facts.self_tests[0]?.outcome ?? "unknown";
  return newest === "aborted"
    ? { is: "before", why: "The self-test was aborted." }
    : { is: "after", why: `The self-test has ended: ${newest}.` };
}

const remaining = (facts: DiskFacts | null): string => {
  const percent = facts?.self_test_remaining_percent ?? null;
  return percent === null ? "" : `, ${percent} % to go`;
};
