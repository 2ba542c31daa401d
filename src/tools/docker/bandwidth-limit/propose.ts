import {
  bandwidthDrift,
  checkLimitable,
  type KeptBandwidth,
  keptBandwidth,
  sameShaping,
  sayMbit,
} from "../../../analysis/bandwidth/limit.ts";
import type { Proposal, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import { asJsonObject } from "../../../shared/json.ts";
import { counted } from "../../../shared/text.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Shaping } from "../../../systems/network/port.ts";
import { grantOf } from "../../automation/define.ts";
import type { ToolContext } from "../../define.ts";
import { endBandwidthLimit } from "../end-bandwidth-limit.ts";
import { hostOf } from "../find.ts";
import { networkOwnerName } from "../read-containers.ts";
import { type Cable, readCables } from "./read.ts";
import { basisOf } from "./standing.ts";

interface Wish {
  container: string;
  ingress_mbit_per_s?: number | undefined;
  egress_mbit_per_s?: number | undefined;
  minutes?: number | undefined;
  off?: boolean | undefined;
  host?: string | undefined;
}

interface Kept {
  wanted: string;
  until: number | null;
}

const unlimited: Shaping = { ingress_bits_per_s: null, egress_bits_per_s: null };
const day_ms = 86_400_000;
/** So long after its time a reversal may still be due: Home Steward may not have run for weeks. */
const patience_ms = 30 * day_ms;
/** Where the owner has not said otherwise. */
const usualGrantDays = 90;

/** A plan for one container's cables. */
export async function proposeBandwidth(wish: Wish, context: ToolContext): Promise<Proposal> {
  const { systems, signal } = context;
  const after = wantedOf(wish);
  const host = await hostOf(systems.docker, wish.container, wish.host);
  const docker = systems.docker.one(host).system;
  const container = await docker.inspect(wish.container, signal);
  const kept = systems.keptLimits.of("bandwidth", host).find((one) => one.container === wish.container) ?? null;
  if (!wish.off) checkLimitable(container, await networkOwnerName(docker, container, signal));
  const cables = await readCables(systems.network.one(host).system, container, signal);
  const shaped = cables.flatMap((cable) => shapedOf(wish.container, cable, wish.off === true));
  const asWanted = shaped.every((cable) => sameShaping(cable.now, after));
  if (asWanted && wish.minutes === undefined && (wish.off ? kept === null : isKept(kept, container, after)))
    throw new StewardError(
      "nothing_to_do",
      wish.off ? `${wish.container} has no bandwidth limit.` : `That is how ${wish.container} is limited already.`,
      "Leave it as it is.",
    );
  return proposal({ wish, host, container, cables, shaped, after, kept }, context);
}

interface Planned {
  wish: Wish;
  host: string;
  container: ContainerInspected;
  cables: readonly Cable[];
  shaped: readonly { veth: string; now: Shaping }[];
  after: Shaping;
  kept: Kept | null;
}

function proposal(
  { wish, host, container, cables, shaped, after, kept }: Planned,
  { clock, settings }: ToolContext,
): Proposal {
  const { container: name, minutes, off } = wish;
  const still = minutes === undefined ? stillUntil(kept, container, after, clock.now()) : null;
  const for_ms = minutes === undefined ? undefined : minutes * 60_000;
  const targets = [{ kind: "container", host, name }];
  const until = for_ms === undefined ? null : untilOf(clock.now(), for_ms, settings.maxGrantDays ?? usualGrantDays);
  const unit: Unit = {
    target: { kind: "container", host, name, identity: { container_id: container.Id, image_id: container.Image } },
    basis: basisOf(container, cables),
    changes: [...changesOf(name, shaped, after), ...endOf({ wish, kept }, still)],
    steps: [
      ...shaped
        .filter(({ now }) => !sameShaping(now, after))
        .map(({ veth, now }) => ({
          step: off ? "unlimit" : "limit",
          args: asJsonObject({ host, name, veth, after, before: now }),
          does: `${off ? "Take the limit off" : "Limit"} ${veth}, the host's end of the cable of ${name}`,
          undo: "Set what was.",
        })),
      {
        step: off ? "forget" : "remember",
        args: asJsonObject({
          host,
          name,
          after: off ? null : { wanted: JSON.stringify(keptOf(container, after)), until: still },
          before: kept && { wanted: kept.wanted, until: kept.until },
          ...(for_ms !== undefined && { for_ms }),
        }),
        does: off ? "Forget the limit" : "Remember the limit, so that its loss is noticed",
        undo: "Remember what was.",
      },
    ],
  };
  return {
    title: `${off ? "End the bandwidth limit" : "Limit the bandwidth"} of container ${name} on ${host}`,
    risk: off || minutes !== undefined ? "reversible" : "disruptive",
    units: [unit],
    warnings: off ? [] : warningsOf(name, shaped, minutes !== undefined || still !== null),
    undo: off ? "Limit it again." : "limit_bandwidth with off ends it at any time; nothing is restarted.",
    blast: { containers: 1, files: 0, bytes: 0 },
    ...(until !== null && { grant: grantOf(endBandwidthLimit, { targets, until, settings: { off: true } }) }),
  };
}

/** Never shorter than the limit itself: the gate then says what the owner allows. */
const untilOf = (now: number, for_ms: number, maxGrantDays: number): string =>
  new Date(now + Math.max(for_ms, Math.min(for_ms + patience_ms, maxGrantDays * day_ms))).toISOString();

/** Errors: bad_input. */
function wantedOf({ ingress_mbit_per_s, egress_mbit_per_s, minutes, off }: Wish): Shaping {
  const rates = [ingress_mbit_per_s, egress_mbit_per_s].filter((rate) => rate !== undefined);
  if (off && (rates.length > 0 || minutes !== undefined))
    throw new StewardError("bad_input", "off ends a limit; it takes no other.", "Give off alone, or leave it out.");
  if (!off && rates.length === 0)
    throw new StewardError("bad_input", "No rate is given.", "Give ingress_mbit_per_s, egress_mbit_per_s or both.");
  const bits = (mbit: number | undefined) => (mbit === undefined ? null : mbit * 1_000_000);
  return off ? unlimited : { ingress_bits_per_s: bits(ingress_mbit_per_s), egress_bits_per_s: bits(egress_mbit_per_s) };
}

/** Errors: unsupported (it has no end on the host), conflict (somebody else's queue is there). */
function shapedOf(name: string, { veth, kind, shaped }: Cable, off: boolean): { veth: string; now: Shaping }[] {
  if (veth === null || shaped === null) {
    if (off) return [];
    throw new StewardError(
      "unsupported",
      `A network of ${name} is a ${kind === "unknown" ? "kind" : kind} that has no end on the host.`,
      "Limit it in the router, or give it a bridge network.",
    );
  }
  const { ingress_bits_per_s, egress_bits_per_s, foreign } = shaped;
  if (foreign === null) return [{ veth, now: { ingress_bits_per_s, egress_bits_per_s } }];
  if (off) return [];
  throw new StewardError(
    "conflict",
    `Somebody else shapes ${veth}, the cable of ${name}, already: ${foreign}.`,
    `It is left alone. Look at it with: tc qdisc show dev ${veth}`,
  );
}

const keptOf = ({ Id, State }: ContainerInspected, after: Shaping): KeptBandwidth => ({
  container_id: Id,
  started_at: State.StartedAt,
  ...after,
});

const isKept = (kept: Kept | null, container: ContainerInspected, after: Shaping): boolean =>
  kept !== null && kept.until === null && kept.wanted === JSON.stringify(keptOf(container, after));

/** Set again after a start, a limit ends when it was to end; one that is asked for while it holds is to hold on. */
function stillUntil(kept: Kept | null, container: ContainerInspected, after: Shaping, now: number): number | null {
  if (kept === null || kept.until === null || kept.until <= now) return null;
  const limit = keptBandwidth.parse(JSON.parse(kept.wanted));
  return sameShaping(limit, after) && bandwidthDrift(container, limit) !== null ? kept.until : null;
}

/** Of each cable, and once where they are alike: one that came later is not limited yet. */
function changesOf(name: string, shaped: Planned["shaped"], after: Shaping): string[] {
  const way = (what: string, from: number | null, to: number | null) =>
    from === to ? [] : [`${name}, ${what}: ${sayMbit(from)} → ${sayMbit(to)}`];
  const changes = shaped.flatMap(({ now }) => [
    ...way("receiving", now.ingress_bits_per_s, after.ingress_bits_per_s),
    ...way("sending", now.egress_bits_per_s, after.egress_bits_per_s),
  ]);
  return [...new Set(changes)];
}

function endOf({ wish: { minutes, off }, kept }: Pick<Planned, "wish" | "kept">, still: number | null): string[] {
  if (minutes !== undefined) {
    return [`it ends by itself ${counted(minutes, "minute")} after it began, or as soon as Home Steward runs then`];
  }
  if (still !== null) return [`it ends by itself when it was to end: ${new Date(still).toISOString()}`];
  return off || kept === null || kept.until === null ? [] : ["it no longer ends by itself"];
}

function warningsOf(name: string, shaped: Planned["shaped"], ended: boolean): string[] {
  const more = shaped.length > 1 ? [`${name} has ${shaped.length} networks: the limit is for each of them.`] : [];
  const ends = `${ended ? "until its end " : ""}set_automation can set it again`;
  return [
    ...more,
    `It counts what ${name} exchanges with other containers and the house, too.`,
    `A restart of ${name} ends it: ${ends} by itself.`,
  ];
}
