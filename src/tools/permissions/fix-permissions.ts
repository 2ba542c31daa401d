import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { proposeFix } from "./fix/propose.ts";
import { observe, stands } from "./fix/standing.ts";
import { fixSteps } from "./fix/steps.ts";

/** Mends what audit_permissions found: folders by a list that is its own undo, containers by making them again as they should be. */
export const fixPermissions = changingTool({
  name: "fix_permissions",
  title: "Fix permissions",
  description:
    "Plans to mend audit_permissions' findings. Folders: world_writable, admin_owned, setuid_files, unreadable. Containers, made " +
    "again (by their manager): root_user, admin_user, admin_group, shared_user (gets a user), env_secret (into files), new_privileges, " +
    "capabilities_kept, writable_rootfs. Undone if not well.",
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
