import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { proposeFix } from "./fix/propose.ts";
import { observe, stands } from "./fix/standing.ts";
import { fixSteps } from "./fix/steps.ts";

/** Mends what audit_permissions found: folders by a list that is its own undo, containers by making them again with less. */
export const fixPermissions = changingTool({
  name: "fix_permissions",
  title: "Fix permissions",
  description:
    "Plans to mend audit_permissions' findings. In folders: world_writable, admin_owned, setuid_files, unreadable, entry by " +
    "entry as listed now. Containers made again: new_privileges, capabilities_kept, writable_rootfs. Undone if one is not well.",
  toolset: "docker",
  risk: "destructive",
  needs: ["docker"],
  input: z.strictObject({
    findings: z
      .array(z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*\/[a-z_]+$/))
      .min(1)
      .max(20)
      .describe("Ids, e.g. plex/world_writable"),
    host: hostName.optional(),
  }),
  plan: proposeFix,
  steps: fixSteps,
  observe,
  stands,
});
