import { z } from "zod";
import { checkScrub, judgeScrub, type ScrubWish, scrubBasis, scrubWarnings } from "../../../analysis/storage/scrub.ts";
import type { Proposal, Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import type { Fleet } from "../../../systems/fleet.ts";
import type { Pool, ScrubAction, Zfs } from "../../../systems/zfs/port.ts";
import { type Systems, step, type ToolContext } from "../../define.ts";
import { findPool } from "../pool-host.ts";
import { settled } from "../settle.ts";

const words: Readonly<Record<ScrubWish, { title: string; now: string; undo: string }>> = {
  start: { title: "Start", now: "running", undo: "Stop it (run_scrub stop)." },
  pause: { title: "Pause", now: "paused", undo: "Resume it where it stands (run_scrub resume)." },
  resume: { title: "Resume", now: "running", undo: "Pause it again (run_scrub pause)." },
  stop: { title: "Stop", now: "stopped", undo: "Start a new one, from the beginning (run_scrub start)." },
};

/** A plan of one step on the scrub of one pool. */
export async function proposeScrub(
  wish: { pool: string; action: ScrubWish; host?: string | undefined },
  { systems, signal }: ToolContext,
): Promise<Proposal> {
  const { action } = wish;
  const { host, zfs, pool } = await findPool(systems.zfs, wish.pool, wish.host, signal);
  const { name, scan } = pool;
  if (!zfs.rules.spaces && name.includes(" "))
    throw new StewardError(
      "unsupported",
      "A name with a space can't be given to sudo safely.",
      "Do it by hand: zpool scrub on that machine.",
    );
  checkScrub(action, pool);
  const { title, now, undo } = words[action];
  const before = scan?.function === "scrub" ? scan.state : "none known";
  return {
    title: `${title} the scrub of pool ${name} on ${host}`,
    risk: "reversible",
    units: [
      {
        target: { kind: "pool", host, name, identity: { pool_guid: pool.guid } },
        basis: scrubBasis(pool),
        changes: [`scrub of ${name}: ${before} → ${now}`],
        steps: [{ step: action, args: { host, pool: name }, does: `${title} the scrub of ${name}`, undo }],
      },
    ],
    warnings: scrubWarnings(action, pool),
    undo,
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

const basis = z.looseObject({
  scan: z.looseObject({ function: z.string(), state: z.string(), started_at: z.number() }).nullable(),
});
const wishes = z.enum(["start", "pause", "resume", "stop"]);

const read = async (zfs: Fleet<Zfs>, host: string, name: string): Promise<Pool | undefined> =>
  (await zfs.one(host).system.pools()).find((pool) => pool.name === name);

/** Reads again what the plan was made on. */
export async function observe({ target }: Unit, { zfs }: Systems): Promise<Json> {
  const now = await read(zfs, target.host, target.name);
  return now === undefined ? null : scrubBasis(now);
}

export async function stands({ target, steps, basis: saved }: Unit, { zfs }: Systems): Promise<Standing> {
  const now = await read(zfs, target.host, target.name);
  if (now === undefined) return { is: "neither", why: `There is no pool ${target.name} any more.` };
  const { scan } = basis.parse(saved);
  return judgeScrub(wishes.parse(steps[0]?.step), scan?.function === "scrub" ? scan : null, now);
}

const args = z.object({ host: z.string(), pool: z.string() });
const orders: Readonly<Record<ScrubWish, { does: ScrubAction; undoes: ScrubAction; leaves: readonly string[] }>> = {
  start: { does: "start", undoes: "stop", leaves: ["running", "finished"] },
  resume: { does: "start", undoes: "pause", leaves: ["running", "finished"] },
  pause: { does: "pause", undoes: "start", leaves: ["paused"] },
  stop: { does: "stop", undoes: "start", leaves: ["canceled"] },
};

const scrubStep = (wish: ScrubWish) => {
  const { does, undoes, leaves } = orders[wish];
  const scrub = async (zfs: Fleet<Zfs>, host: string, pool: string) => {
    const scan = (await read(zfs, host, pool))?.scan;
    return scan?.function === "scrub" ? scan : undefined;
  };
  return step({
    args,
    async does({ host, pool }, { changes, systems }) {
      const before = await scrub(systems.zfs, host, pool);
      await settled(
        () => changes.zfs.one(host).system.scrub(pool, does),
        async () => {
          const now = await scrub(systems.zfs, host, pool);
          const another = now?.started_at !== before?.started_at;
          return now !== undefined && leaves.includes(now.state) && another === (wish === "start");
        },
      );
      return {};
    },
    async undoes({ host, pool }, _outcome, { changes, systems }) {
      const now = await scrub(systems.zfs, host, pool);
      // What has come to its end has no way back, and needs none.
      if (now !== undefined && now.state !== "finished" && leaves.includes(now.state))
        await changes.zfs.one(host).system.scrub(pool, undoes);
    },
  });
};

export const scrubSteps = {
  start: scrubStep("start"),
  pause: scrubStep("pause"),
  resume: scrubStep("resume"),
  stop: scrubStep("stop"),
};
