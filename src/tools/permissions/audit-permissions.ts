import { z } from "zod";
import { readingTool } from "../define.ts";
import { containerName, hostName } from "../docker/inputs.ts";
import { auditHomes } from "./audit/answer.ts";
import { sayAudit } from "./audit/say.ts";
import { auditShape } from "./audit/shapes.ts";

/** What containers may do that they need not, worst first, with a score that moves with every finding. */
export const auditPermissions = readingTool({
  name: "audit_permissions",
  title: "Audit of permissions",
  description:
    "What containers may do that they need not, worst first: root or admin users, privileges, sockets, host paths, secrets " +
    "(never values), and who reaches whose data. Each finding has its CIS number, evidence and fix.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    container: containerName.optional(),
    host: hostName.optional(),
    trees: z.boolean().optional().describe("Also walk the folders they mount (minutes)"),
    network_mounts: z.boolean().optional(),
    detail: z.enum(["small", "full"]).optional().describe("full: minor findings, exemptions, all pairs"),
    limit: z.int().min(1).max(200).optional(),
    cursor: z.string().max(20).optional(),
  }),
  output: auditShape,
  read: auditHomes,
  say: sayAudit,
});
