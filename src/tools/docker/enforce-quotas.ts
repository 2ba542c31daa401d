import { z } from "zod";
import { changingTool } from "../define.ts";
import { containerName, hostName } from "./inputs.ts";
import { proposeLift } from "./quotas/lift.ts";
import { proposeQuotas } from "./quotas/propose.ts";
import { observe, stands } from "./quotas/standing.ts";
import { quotaSteps } from "./quotas/steps.ts";

/** Limits processors, memory and disk traffic of containers by what kind they are, while they run. */
export const enforceQuotas = changingTool({
  name: "enforce_quotas",
  title: "Limit what containers use",
  description:
    "Plans limits of processors, memory and disk traffic by the owner's profiles (quotas in the configuration), set live, " +
    "read back. Nothing changes until a person approves.",
  toolset: "docker",
  risk: "disruptive",
  needs: ["docker"],
  input: z.strictObject({
    containers: z.array(containerName).min(1).max(10).optional().describe("All with a profile if left out"),
    lasting: z.boolean().optional().describe("Portainer and TrueNAS deploy them: restarts"),
    lift: z.boolean().optional().describe("Back to what was before"),
    host: hostName.optional(),
  }),
  plan: ({ lift, ...wish }, context) => (lift ? proposeLift(wish, context) : proposeQuotas(wish, context)),
  steps: quotaSteps,
  observe,
  stands,
});
