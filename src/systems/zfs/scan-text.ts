import type { Scan } from "./port.ts";

const units = ["B", "K", "M", "G", "T", "P", "E"];

/** "18.3M" of `zpool` in bytes; sizes have steps of 1,024. NaN for what is no size. */
function bytesOf(text: string): number {
  const [, amount, unit] = /^([\d.]+)([BKMGTPE])?$/.exec(text) ?? [];
  return Math.round(Number(amount) * 1024 ** Math.max(0, units.indexOf(unit ?? "B")));
}

/** "1 days 02:03:04", "02:03:04" or, before 0.8, "2h3m", in seconds. */
function secondsOf(text: string): number | null {
  const [whole, days, h, m, s] = /^(?:(\d+) days )?(\d+):(\d\d):(\d\d)$/.exec(text) ?? [];
  if (whole !== undefined) return Number(days ?? 0) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s);
  const [old, hours, minutes] = /^(\d+)h(\d+)m$/.exec(text) ?? [];
  return old === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60;
}

/** ctime(3) in UTC, ms since 1970: "Sun Nov  2 10:17:04 2026". */
const timeOf = (text: string): number => Date.parse(`${text.trim().replace(/\s+/g, " ")} UTC`);

const date = "\\w{3} \\w{3} +\\d+ [\\d:]{8} \\d{4}";
const took = "(?:(?:\\d+ days )?[\\d:]+|\\d+h\\d+m)";
const scrubbed = new RegExp(`^scrub repaired (\\S+) in (${took}) with (\\d+) errors on (${date})`);
const resilvered = new RegExp(`^resilvered(?: \\(\\S+\\))? (\\S+) in (${took}) with (\\d+) errors on (${date})`);
const ended = new RegExp(`^(scrub|resilver) canceled on (${date})`);
const running = new RegExp(`^(scrub|resilver)(?: \\(\\S+\\))? in progress since (${date})`);
const paused = new RegExp(`^scrub paused since (${date})[\\s\\S]*?scrub started on (${date})`);

/**
 * What stands after "scan:" in `zpool status`, its lines trimmed, or null where there was never a scan.
 * Dates are taken as UTC: the shell sets TZ.
 */
export function parseScan(text: string): Scan | null {
  const finished = scrubbed.exec(text) ?? resilvered.exec(text);
  if (finished) {
    const [, repaired = "", duration = "", errors, on = ""] = finished;
    const ended_at = timeOf(on);
    return {
      function: text.startsWith("scrub") ? "scrub" : "resilver",
      state: "finished",
      started_at: ended_at - (secondsOf(duration) ?? 0) * 1000,
      ended_at,
      done_percent: 100,
      eta_s: null,
      errors: Number(errors),
      repaired_bytes: bytesOf(repaired),
    };
  }
  const [, cut, on = ""] = ended.exec(text) ?? [];
  if (cut !== undefined) {
    const at = timeOf(on);
    return { ...under(cut, "canceled", at, text), ended_at: at };
  }
  const [, what, since = ""] = running.exec(text) ?? [];
  if (what !== undefined) return under(what, "running", timeOf(since), text);
  const [, , started] = paused.exec(text) ?? [];
  return started === undefined ? null : under("scrub", "paused", timeOf(started), text);
}

function under(what: string, state: Scan["state"], started_at: number, text: string): Scan {
  const [, repaired] = /(\S+) (?:repaired|resilvered),/.exec(text) ?? [];
  const [, percent] = /([\d.]+)% done/.exec(text) ?? [];
  const [, left] = /done, (.+) to go/.exec(text) ?? [];
  return {
    function: what === "scrub" ? "scrub" : "resilver",
    state,
    started_at,
    ended_at: null,
    done_percent: Number(percent ?? 0),
    eta_s: state === "running" && left !== undefined ? secondsOf(left) : null,
    errors: 0,
    repaired_bytes: repaired === undefined ? 0 : bytesOf(repaired),
  };
}
