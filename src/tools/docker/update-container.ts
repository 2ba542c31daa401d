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
    "Plans the update of one or more containers to the newest image of their tag, in one plan. Reads only: nothing changes " +
    "until a person approves it. A new container that does not become healthy is exchanged for the old one again. " +
    "Says so when there is nothing newer, or why a container is updated elsewhere (TrueNAS, Portainer).",
  toolset: "docker",
  risk: "disruptive",
  needs: ["docker"],
  input: z.strictObject({
    containers: z.array(containerName).min(1).max(10).describe("Container names"),
    host: hostName.optional(),
    health_timeout_s: z.int().min(5).max(3600).optional().describe("How long a new one may take to become healthy"),
  }),
  plan: proposeUpdates,
  steps: updateSteps,
  observe,
  stands,
});
