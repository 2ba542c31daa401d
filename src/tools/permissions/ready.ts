import type { TreePlan } from "../../analysis/permissions/trees/plan.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Files } from "../../systems/files/port.ts";

/**
 * Makes sure that nothing hangs inside of a tree, and that no link is on the way to it: what is walked has to be what is
 * named. Errors: timeout, not_found, refused.
 */
export async function ready(files: Files, { path, ask_first }: TreePlan, signal: AbortSignal): Promise<void> {
  for (const mount of ask_first)
    if (!files.takes(mount) || !(await files.answers(mount, signal)))
      throw new StewardError("timeout", "A network mount in it does not answer.", "Unmount it, or mend its other end.");
  const real = await files.realPath(path, signal);
  if (real === null) throw new StewardError("not_found", "There is nothing at this path.", "Look at the mount.");
  if (real !== path)
    throw new StewardError(
      "refused",
      "Its path leads over a symbolic link.",
      "Mount the folder that the link leads to.",
    );
}
