import { cleanLine } from "../../shared/text.ts";
import { sayTarget } from "../define-standing.ts";
import type { GrantTerms } from "../document.ts";

/** What a standing approval allows, in words made from the bytes that are approved and from nothing else. */
export function standingWords(terms: GrantTerms): string[] {
  const { says, tool, steps, targets, settings, limits, until, emergency, drill } = terms;
  const often = `At most ${times(limits.max_per_day)} in 24 hours. On one target: ${limits.pause_s} s between two tries, doubled with every further one; after ${times(limits.stop_after)} in a row it leaves that target alone.`;
  return [
    `Without asking again, until ${until.slice(0, 16).replace("T", " ")} UTC: ${says}.`,
    `On: ${targets.map(sayTarget).join(", ")}.`,
    `By these steps of ${tool}: ${steps.join(", ")}.`,
    ...Object.entries(settings).map(([key, value]) => cleanLine(`Always with ${key}: ${JSON.stringify(value)}`, 200)),
    emergency ? "For emergencies: it cannot be used up." : often,
    ...(drill ? ["A drill: everything is done but the change itself."] : []),
    emergency
      ? "You can end it at any time, on the approval page or in the terminal; stopping everything stops it too."
      : "It can be ended at any time, on the approval page, in the terminal or by asking Claude; stopping everything stops it too.",
  ];
}

const times = (n: number) => (n === 1 ? "once" : `${n} times`);
