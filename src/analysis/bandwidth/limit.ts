import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { ContainerInspected } from "../../systems/docker/shapes.ts";
import type { Shaping } from "../../systems/network/port.ts";
import type { ContainerProblem } from "../containers/problems.ts";
import { hasProcess } from "../containers/process.ts";
import { nameOf } from "../updates/dependants.ts";

const rate = z.number().nullable();

/** What an approved plan limited, kept so that its loss is noticed and its end is kept. */
export const keptBandwidth = z.object({
  container_id: z.string(),
  /** The start of the run it was set for: the next one begins with a new cable. */
  started_at: z.string(),
  ingress_bits_per_s: rate,
  egress_bits_per_s: rate,
});
export type KeptBandwidth = z.output<typeof keptBandwidth>;

/** Throws where a container has no cable of its own that could be limited, with what to do instead. Errors: unsupported, conflict. */
export function checkLimitable(container: ContainerInspected, owner: string | undefined): void {
  const name = nameOf(container);
  const mode = container.HostConfig.NetworkMode;
  if (mode === "host")
    throw new StewardError(
      "unsupported",
      `${name} uses the host's own network: a limit for it would be one for the whole host.`,
      "Limit it in its own settings (Plex: Remote Access, upload speed) or in the router; or give it a bridge network and publish its ports.",
    );
  if (mode === "none") throw new StewardError("unsupported", `${name} has no network.`, "There is nothing to limit.");
  if (mode.startsWith("container:"))
    throw new StewardError(
      "unsupported",
      `${name} uses the network of ${owner ?? "another container"}.`,
      owner === undefined ? "Limit the container whose network it is." : `Limit ${owner}: what both send is one.`,
    );
  if (!hasProcess(container))
    throw new StewardError(
      "conflict",
      `${name} does not run, so it has no network now.`,
      container.State.Restarting ? "See why it ends again and again: get_container_logs." : "Start it first.",
    );
}

/** "20 Mbit/s", "no limit" */
export const sayMbit = (bits_per_s: number | null): string =>
  bits_per_s === null ? "no limit" : `${Math.round(bits_per_s / 10_000) / 100} Mbit/s`;

export const sameShaping = (one: Shaping, other: Shaping): boolean =>
  one.ingress_bits_per_s === other.ingress_bits_per_s && one.egress_bits_per_s === other.egress_bits_per_s;

/** Whether a kept limit was lost by a start of its container; null when not. */
export function bandwidthDrift(container: ContainerInspected, kept: KeptBandwidth): ContainerProblem | null {
  const { Id, State } = container;
  if (!hasProcess(container) || (Id === kept.container_id && State.StartedAt === kept.started_at)) return null;
  const limits = `receiving ${sayMbit(kept.ingress_bits_per_s)}, sending ${sayMbit(kept.egress_bits_per_s)}`;
  return {
    severity: "warning",
    what: "bandwidth limit lost",
    evidence: `it was started since, and began with a new cable: ${limits} no longer hold`,
  };
}
