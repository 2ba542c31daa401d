import { z } from "zod";
import { severity } from "./shapes.ts";

const details = z.object({
  id: z.string(),
  image_id: z.string(),
  digest: z.string().nullable(),
  created_at: z.string(),
  command: z.string(),
  ports: z.array(z.string()),
  mounts: z.array(z.string()),
  user: z.string(),
  networks: z.array(z.string()),
  restart_policy: z.string(),
  privileged: z.boolean(),
  memory_limit_bytes: z.number().nullable(),
  cpu_limit: z.number().nullable(),
  pids_limit: z.number().nullable(),
  project: z.string().nullable(),
  managed_because: z.string(),
  env_names: z.array(z.string()),
  outside_error: z.string().nullable(),
  outside_health: z.string().nullable(),
});

/** One container as list_containers gives it; `analysis/containers` says what the fields mean. */
export const containerShape = z.object({
  host: z.string(),
  name: z.string(),
  state: z.string(),
  health: z.enum(["healthy", "unhealthy", "starting"]).nullable(),
  since_s: z.number().nullable(),
  restarts: z.number(),
  exit: z.string().nullable(),
  image: z.string(),
  managed_by: z.enum(["truenas", "portainer", "compose", "swarm", "plain"]),
  problems: z.array(z.object({ severity, what: z.string(), evidence: z.string() })),
  details: details.optional(),
  outside_last_lines: z.array(z.string()).optional(),
});
