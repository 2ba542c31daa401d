import { z } from "zod";
import { selfTestActions } from "../../analysis/disks/self-test.ts";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { observe, proposeSelfTest, selfTestSteps, stands } from "./self-test/plan.ts";
import { diskName } from "./shapes.ts";

/** The drive tests itself in the background; it is read only, and stays in use. */
export const runDiskTest = changingTool({
  name: "run_disk_test",
  title: "Run a disk's self-test",
  description:
    "Plans a SMART self-test of one disk (short: minutes; long: hours), or aborts the running one. The disk stays in use. " +
    "Nothing changes until a person approves the plan.",
  toolset: "storage",
  risk: "reversible",
  needs: ["smart"],
  input: z.strictObject({ disk: diskName, test: z.enum(selfTestActions), host: hostName.optional() }),
  plan: proposeSelfTest,
  steps: selfTestSteps,
  observe,
  stands,
});
