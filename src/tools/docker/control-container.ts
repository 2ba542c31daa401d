import { z } from "zod";
import { changingTool } from "../define.ts";
import { proposeControl } from "./control/propose.ts";
import { observe, stands } from "./control/standing.ts";
import { controlSteps } from "./control/steps.ts";
import { containerName, hostName } from "./inputs.ts";

/** Starts, stops or restarts one container. */
export const controlContainer = changingTool({
  name: "control_container",
  title: "Start, stop or restart a container",
  description:
    "Plans to start, stop or restart one container, or a whole TrueNAS app by its name or one of its containers. Nothing " +
    "changes until a person approves the plan.",
  toolset: "docker",
  risk: "disruptive",
  needs: ["docker"],
  input: z.strictObject({
    container: containerName,
    action: z.enum(["start", "stop", "restart"]),
    host: hostName.optional(),
  }),
  plan: proposeControl,
  steps: controlSteps,
  observe,
  stands,
});
