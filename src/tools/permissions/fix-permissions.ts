import { z } from "zod";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { proposeFix } from "./fix/propose.ts";
import { observe, stands } from "./fix/standing.ts";
import { fixSteps } from "./fix/steps.ts";

/** Gives the folders of containers the owners and modes that audit_permissions misses in them, by a list that is its own undo. */
export const fixPermissions = changingTool({
  name: "fix_permissions",
  title: "Fix owners and modes",
  description:
    "Plans to mend audit_permissions' findings world_writable, admin_owned, setuid_files and unreadable: stops the " +
    "containers, changes exactly the entries listed now, and puts all back if one does not come back.",
  toolset: "docker",
  risk: "destructive",
  needs: ["docker", "files"],
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
