import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { observe, proposeDisk, stands } from "./replace/plan.ts";
import { replaceSteps } from "./replace/steps.ts";
import { diskName } from "./shapes.ts";

/** Takes a disk out of a pool, or puts a new one in its place: two plans, with a person's hands between them. */
export const replaceDisk = changingTool({
  name: "replace_disk",
  title: "Replace a pool's disk",
  description:
    "Plans to take a pool's disk offline, bring it back, or replace it by new_disk, empty and as large. The disk may also be " +
    "named by its guid in the pool. Nothing changes until a person approves the plan.",
  toolset: "storage",
  risk: "destructive",
  needs: ["smart", "zfs"],
  input: z.strictObject({
    disk: diskName,
    action: z.enum(["offline", "online", "replace"]),
    new_disk: diskName.optional(),
    host: hostName.optional(),
  }),
  plan: proposeDisk,
  steps: replaceSteps,
  observe,
  stands,
});
