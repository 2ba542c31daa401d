import { z } from "zod";
import { changingTool } from "../define.ts";
import { proposeBandwidth } from "./bandwidth-limit/propose.ts";
import { observe, stands } from "./bandwidth-limit/standing.ts";
import { bandwidthSteps } from "./bandwidth-limit/steps.ts";
import { containerName, hostName } from "./inputs.ts";

const mbit = z.int().min(1).max(100_000).optional();

/** Limits what a container receives and sends, on the host's end of its cable. */
export const limitBandwidth = changingTool({
  name: "limit_bandwidth",
  title: "Limit a container's bandwidth",
  description:
    "Plans a limit of what a container receives (ingress) and sends (egress); what is left out is unlimited. " +
    "With minutes it ends by itself; off ends it now. Nothing changes until a person approves.",
  toolset: "docker",
  risk: "disruptive",
  needs: ["docker", "network"],
  input: z.strictObject({
    container: containerName,
    ingress_mbit_per_s: mbit,
    egress_mbit_per_s: mbit,
    minutes: z.int().min(1).max(10_080).optional(),
    off: z.boolean().optional(),
    host: hostName.optional(),
  }),
  plan: proposeBandwidth,
  steps: bandwidthSteps,
  observe,
  stands,
});
