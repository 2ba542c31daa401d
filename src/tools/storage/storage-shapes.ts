import { z } from "zod";
import { severity } from "../docker/shapes.ts";

const vdevShape = z.object({
  depth: z.number(),
  name: z.string(),
  type: z.string(),
  class: z.string(),
  state: z.string(),
  disk: z.string().nullable(),
  guid: z.string(),
  read_errors: z.number(),
  write_errors: z.number(),
  checksum_errors: z.number(),
  ashift: z.number().nullable(),
});

/** One pool as get_storage gives it; the fields are explained in analysis/storage. */
export const poolShape = z.object({
  host: z.string(),
  pool: z.string(),
  problems: z.array(z.object({ severity, what: z.string(), evidence: z.string() })),
  state: z.string(),
  layout: z.string(),
  usable_bytes: z.number(),
  used_bytes: z.number(),
  available_bytes: z.number(),
  used_percent: z.number(),
  fragmentation_percent: z.number().nullable(),
  scan: z
    .object({
      function: z.string(),
      state: z.string(),
      done_percent: z.number(),
      eta_s: z.number().nullable(),
      ended_at: z.string().nullable(),
      errors: z.number(),
    })
    .nullable(),
  snapshots: z.number().nullable(),
  vdevs: z.array(vdevShape).optional(),
});

export const datasetShape = z.object({
  host: z.string(),
  dataset: z.string(),
  type: z.string(),
  used_bytes: z.number(),
  available_bytes: z.number(),
  used_by_snapshots_bytes: z.number(),
  quota_bytes: z.number().nullable(),
  refquota_bytes: z.number().nullable(),
  compression: z.string(),
  compress_ratio: z.number(),
  readonly: z.boolean(),
  encrypted: z.boolean(),
  snapshots: z.number(),
  newest_snapshot_age_s: z.number().nullable(),
  snapshot_due_every_s: z.number().nullable(),
  schedule: z.string().nullable(),
  snapshot_overdue: z.boolean(),
});
