import { z } from "zod";
import { snapshotActions } from "../../analysis/snapshots/basis.ts";
import { changingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { proposeSnapshots } from "./snapshots/propose.ts";
import { observe, stands } from "./snapshots/standing.ts";
import { snapshotSteps } from "./snapshots/steps.ts";

/** Takes, holds, releases, clones and deletes snapshots of one dataset, or rolls it back to one. */
export const manageSnapshots = changingTool({
  name: "manage_snapshots",
  title: "Manage snapshots",
  description:
    "Plans one action on a ZFS dataset's snapshots; a person approves. delete and rollback show what is lost; clone (to) " +
    "loses nothing.",
  toolset: "storage",
  risk: "destructive",
  needs: ["zfs"],
  input: z.strictObject({
    action: z.enum(snapshotActions),
    dataset: z.string().max(255),
    snapshot: z.string().max(255).optional().describe("delete takes *"),
    older_than_days: z.int().min(0).max(9999).optional(),
    recursive: z.boolean().optional(),
    to: z.string().max(255).optional(),
    tag: z.string().max(64).optional(),
    host: hostName.optional(),
  }),
  plan: proposeSnapshots,
  steps: snapshotSteps,
  observe,
  stands,
});
