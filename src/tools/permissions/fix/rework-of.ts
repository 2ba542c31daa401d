import type { Subject } from "../../../analysis/permissions/finding.ts";
import type { Mendable } from "../../../analysis/permissions/fix/mend.ts";
import type { Rework } from "../../../analysis/permissions/fix/rework.ts";
import type { Asked } from "./asked.ts";
import type { Remade } from "./remake/remade.ts";

/** One container to be made again, if it is; what of its folders is to be mended besides, and what is said of it. */
export interface Reworked {
  subject: Subject;
  remade: Remade | null;
  mend: ReadonlySet<Mendable>;
  warnings: string[];
}

/** Works out what is to be different about one container. What can't be had is left out and said; the rest goes on. */
export async function reworkOf({ mend, harden }: Asked, subject: Subject): Promise<Reworked> {
  const rework: Rework = { hardening: harden, user: null, secrets: [] };
  const remade = { container: subject.container, rework, before: [], while_down: [], files: 0, changes: [] };
  return { subject, remade: harden.size > 0 ? remade : null, mend, warnings: [] };
}
