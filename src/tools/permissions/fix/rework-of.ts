import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import type { Mendable } from "../../../analysis/permissions/fix/mend.ts";
import type { Rework } from "../../../analysis/permissions/fix/rework.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { ToolContext } from "../../define.ts";
import type { Asked } from "./asked.ts";
import type { Remade } from "./remake/remade.ts";
import { chooseUser } from "./users/choose-user.ts";

/** One container to be made again, if it is; what of its folders is to be mended besides, and what is said of it. */
export interface Reworked {
  subject: Subject;
  remade: Remade | null;
  mend: ReadonlySet<Mendable>;
  warnings: string[];
}

/**
 * Works out what is to be different about one container. What can't be had is left out and said; the rest goes on. One
 * that gets a user has its folders mended for that one, in the same walk.
 *
 * @param taken numbers of users that this plan gave away on that machine already
 */
export async function reworkOf(
  { host, mend, harden, user: wanted }: Asked,
  subject: Subject,
  around: Surroundings,
  taken: Set<number>,
  context: ToolContext,
): Promise<Reworked> {
  const { container } = subject;
  const warnings: string[] = [];
  const left = (what: string, why: string) => {
    warnings.push(`Not in this plan: ${what} for ${nameOf(container)}, because ${why}.`);
    return null;
  };
  const chosen = wanted ? await chooseUser(host, subject, around, taken, context, mend) : null;
  const user = chosen !== null && "why" in chosen ? left("a user of its own", chosen.why) : chosen;
  const rework: Rework = { hardening: harden, user: user?.user ?? null, secrets: [] };
  const remade: Remade = {
    container,
    rework,
    before: [...(user?.before ?? [])],
    while_down: user?.while_down ?? [],
    files: user?.files ?? 0,
    changes: [...(user?.changes ?? [])],
  };
  return {
    subject,
    remade: harden.size > 0 || user !== null ? remade : null,
    mend: user === null ? mend : new Set(),
    warnings: [...warnings, ...(user?.warnings ?? [])],
  };
}
