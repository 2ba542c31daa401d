import type { Assessment } from "../disks/assess.ts";
import type { Finding } from "./rank.ts";

/** What of a disk the overview needs. */
interface JudgedDisk {
  disk: string;
  state: "read" | "standby" | "unmonitored";
  assessment: Pick<Assessment, "tier" | "evidence">;
}

const words = {
  urgent: { severity: "critical", what: "Is failing, or likely to fail soon" },
  warn: { severity: "warning", what: "Shows signs of failing" },
  unknown: { severity: "info", what: "Tells nothing of its health" },
} as const;

/** Disks to act on, and those nobody can watch. One that only sleeps, or is merely watched, is no problem of the home. */
export function diskFindings(host: string, disks: readonly JudgedDisk[]): Finding[] {
  return disks.flatMap(({ disk, state, assessment: { tier, evidence } }) => {
    if (tier === "ok" || tier === "watch" || (tier === "unknown" && state === "standby")) return [];
    return [
      {
        ...words[tier],
        area: "disks",
        host,
        subject: disk,
        evidence: evidence[0] ?? "",
        next: `predict_disk_failure of ${disk} says why, and what to do.`,
      },
    ];
  });
}

/** How many there are, for the overview's counts. */
export const diskCounts = (disks: readonly JudgedDisk[]) => ({
  disks: disks.length,
  asleep: disks.filter(({ state }) => state === "standby").length,
  not_ok: disks.filter(({ assessment: { tier } }) => tier === "warn" || tier === "urgent").length,
});
