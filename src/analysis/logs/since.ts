import { StewardError } from "../../shared/errors.ts";

const unit_s = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** "90s", "15m", "2h", "3d" back from now, or an ISO 8601 time, as whole seconds since 1970. Errors: bad_input. */
export function sinceSeconds(text: string, now_ms: number): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = match?.[2];
  if (unit === "s" || unit === "m" || unit === "h" || unit === "d")
    return Math.floor(now_ms / 1000) - Number(match?.[1]) * unit_s[unit];
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new StewardError(
      "bad_input",
      "That time can't be read.",
      "Write it like 15m, 2h, 3d or 2026-11-22T08:00:00Z.",
    );
  return Math.floor(at / 1000);
}
