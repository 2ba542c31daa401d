import { cleanLine } from "../../shared/text.ts";

const mostShown = 5;

/** A few of them by name, and how many more: names and paths come from outside, so they are cleaned and cut. */
export function listed(items: readonly string[], most = mostShown, longest = 160): string {
  const shown = items.slice(0, most).map((item) => cleanLine(item, longest));
  const rest = items.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
