import type { Subject, Surroundings } from "../../../analysis/permissions/finding.ts";
import type { Mendable } from "../../../analysis/permissions/fix/mend.ts";
import { type Rework, scratchFor } from "../../../analysis/permissions/fix/rework.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { ToolContext } from "../../define.ts";
import type { Asked } from "./asked.ts";
import type { Remade } from "./remake/remade.ts";
import { moveSecrets } from "./secrets/move-secrets.ts";
import { chooseUser } from "./users/choose-user.ts";

/** One container to be made again, if it is; what of its folders is to be mended besides, and what can't be had. */
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
  { host, mend, harden, ...wanted }: Asked,
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
  const chosen = wanted.user ? await chooseUser(host, subject, around, taken, context, mend) : null;
  const own = chosen !== null && "why" in chosen ? left("a user of its own", chosen.why) : chosen;
  const user = own?.user ?? null;
  const written = wanted.secrets ? await moveSecrets(host, subject, user, around, context) : null;
  const files = written !== null && "why" in written ? left("files in place of secrets", written.why) : written;
  const rework: Rework = { hardening: harden, scratch: scratchFor(container), user, secrets: files?.moved ?? [] };
  const remade: Remade = {
    container,
    rework,
    before: [...(own?.before ?? []), ...(files?.before ?? [])],
    while_down: own?.while_down ?? [],
    folders: own?.folders ?? [],
    files: own?.files ?? 0,
    changes: [...(own?.changes ?? []), ...(files?.changes ?? [])],
    warnings: [...(own?.warnings ?? []), ...(files?.warnings ?? [])],
  };
  return {
    subject,
    remade: harden.size > 0 || own !== null || files !== null ? remade : null,
    mend: own === null ? mend : new Set(),
    warnings,
  };
}
