import { z } from "zod";
import { severity, silentHosts } from "../../docker/shapes.ts";

const finding = z.object({
  host: z.string(),
  id: z.string(),
  severity,
  cis: z.array(z.string()),
  /** Paths and names of variables in it come from outside. */
  evidence: z.string(),
  fix: z.string(),
});

const tree = z.object({
  host: z.string(),
  path: z.string(),
  filesystem: z.string(),
  entries: z.number().nullable(),
  world_writable: z.number().optional(),
  admin_owned: z.number().optional(),
  setuid: z.number().optional(),
  setgid: z.number().optional(),
  hard_linked: z.number().optional(),
  /** Entries with an access list; null where they were not read. */
  acls: z.number().nullable().optional(),
  /** Why it was not walked, or what of it was left out. */
  note: z.string().nullable(),
});

/** The answer of audit_permissions. */
export const auditShape = z.object({
  /** 0 to 100, the mean of all containers; null without any. */
  score: z.number().nullable(),
  counts: z.object({
    containers: z.number(),
    critical: z.number(),
    warning: z.number(),
    info: z.number(),
    exempted: z.number(),
  }),
  findings: z.array(finding),
  next_cursor: z.string().optional(),
  /** With detail small: minor findings by kind. */
  minor: z
    .array(z.object({ check: z.string(), containers: z.number(), cis: z.array(z.string()), fix: z.string() }))
    .optional(),
  containers: z.array(z.object({ host: z.string(), container: z.string(), score: z.number(), runs_as: z.string() })),
  /** Who reaches whose data. */
  reach: z.array(
    z.object({
      host: z.string(),
      container: z.string(),
      everything_by: z.string().nullable(),
      /** With detail small: only who reaches everything. */
      others: z.array(z.object({ container: z.string(), path: z.string(), writable: z.boolean() })).optional(),
    }),
  ),
  /** With trees: each folder that was walked, or why not. */
  trees: z.array(tree).optional(),
  exempted: z
    .array(z.object({ host: z.string(), id: z.string(), severity, reason: z.string(), until: z.string() }))
    .optional(),
  silent_hosts: silentHosts,
});

export type Audit = z.output<typeof auditShape>;
