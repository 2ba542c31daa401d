import { z } from "zod";
import { changingTool } from "../define.ts";
import { containerName, hostName } from "./inputs.ts";
import { proposeUpdates } from "./update/propose.ts";
import { observe, stands } from "./update/standing.ts";
import { updateSteps } from "./update/steps.ts";

/** Moves containers to the newest image of their tag, or puts the old ones back. */
export const updateContainer = changingTool({
  name: "update_container",
  title: "Update containers",
  description:
    "Plans the update of containers to the newest image of their tag; TrueNAS apps (also by name) and Portainer stacks " +
    "through these. Nothing changes until a person approves. What does not become healthy is put back. Says why there is no plan.",
  toolset: "docker",
  risk: "disruptive",
  needs: ["docker"],
  input: z.strictObject({
    containers: z.array(containerName).min(1).max(10),
    host: hostName.optional(),
    health_timeout_s: z.int().min(5).max(3600).optional().describe("Until healthy, at most"),
  }),
  plan: proposeUpdates,
  steps: updateSteps,
  observe,
  stands,
});
