import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { acknowledgeSteps, observe, proposeAcknowledge, stands } from "./acknowledge/plan.ts";
import { diskName } from "./shapes.ts";

/**
 * Changes our own notes only, and yet goes through the gate: whoever could silence a disk without its owner could hide
 * that it dies.
 */
export const acknowledgeDisk = changingTool({
  name: "acknowledge_disk",
  title: "Acknowledge a disk's counts",
  description:
    "Plans to accept what a disk has counted so far: its tier then speaks only of change; withdraw takes it back. " +
    "Nothing changes until a person approves the plan.",
  toolset: "storage",
  risk: "reversible",
  needs: ["smart"],
  input: z.strictObject({ disk: diskName, withdraw: z.boolean().optional(), host: hostName.optional() }),
  plan: proposeAcknowledge,
  steps: acknowledgeSteps,
  observe,
  stands,
});
