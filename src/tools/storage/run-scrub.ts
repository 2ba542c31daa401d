import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { observe, proposeScrub, scrubSteps, stands } from "./scrub/plan.ts";

/** Starts, pauses, resumes or stops the scrub of one pool. */
export const runScrub = changingTool({
  name: "run_scrub",
  title: "Scrub a pool",
  description:
    "Plans to start, pause, resume or stop the scrub of a ZFS pool, refused during a resilver. get_storage follows it. " +
    "Nothing changes until a person approves the plan.",
  toolset: "storage",
  risk: "reversible",
  needs: ["zfs"],
  input: z.strictObject({
    pool: z.string().max(255),
    action: z.enum(["start", "pause", "resume", "stop"]),
    host: hostName.optional(),
  }),
  plan: proposeScrub,
  steps: scrubSteps,
  observe,
  stands,
});
