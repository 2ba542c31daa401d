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
    "What containers may do that they need not, worst first: root, privileges, sockets, host paths, secrets (no values), " +
    "who reaches whose data. With CIS number, evidence and fix.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    container: containerName.optional(),
    host: hostName.optional(),
    trees: z.boolean().optional().describe("Walk mounted folders, too"),
    network_mounts: z.boolean().optional(),
    detail: z.enum(["small", "full"]).optional(),
    limit: z.int().min(1).max(200).optional(),
    cursor: z.string().max(20).optional(),
  }),
  output: auditShape,
  read: auditHomes,
  say: sayAudit,
});
