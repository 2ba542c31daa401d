import { z } from "zod";
import { StewardError } from "../../../shared/errors.ts";
import { step } from "../../define.ts";
import { controlSteps } from "../../docker/control/steps.ts";
import { deploy } from "../../docker/managers/deploy-step.ts";
import { powerSteps } from "../../docker/managers/power-steps.ts";
import { updateSteps } from "../../docker/update/steps.ts";
import { snapshotSteps } from "../../storage/snapshots/steps.ts";
import { whileOldIsThere } from "./remake/while-old-is-there.ts";
import { writeSecret } from "./secrets/steps.ts";
import { becomingArgs, createAccount, mustNotRunAs } from "./users/steps.ts";

export const ownersArgs = z.object({
  host: z.string(),
  tree: z.string(),
  list: z.string(),
  /** The container that gets a user with it. */
  becoming: becomingArgs.optional(),
});

/** Changes exactly the entries of the list, or none; the way back is the same list. */
const setOwners = step({
  args: ownersArgs,
  async does({ host, tree, list }, { changes }) {
    return await changes.files.one(host).system.forth(tree, list);
  },
  async undoes({ host, tree, list, becoming }, _outcome, { changes, systems }) {
    if (becoming !== undefined) await mustNotRunAs(becoming, host, systems);
    const { left } = await changes.files.one(host).system.back(tree, list);
    if (left > 0)
      throw new StewardError(
        "conflict",
        `${left} entries were changed by somebody else meanwhile, and are left as they are.`,
        "Compare them with a snapshot, if there is one.",
      );
  },
});

/** Every step that a plan of owners and modes may name, and those that make a container again with what goes along. */
export const fixSteps = {
  ...updateSteps,
  deploy,
  app_stop: powerSteps.app_stop,
  create_account: whileOldIsThere(createAccount),
  write_secret: whileOldIsThere(writeSecret),
  snapshot: whileOldIsThere(snapshotSteps.create),
  stop_user: controlSteps.stop,
  set_owners: whileOldIsThere(setOwners),
  start_user: controlSteps.start,
};
