import { z } from "zod";
import { judgeReplacement } from "../../../analysis/storage/replace.ts";
import { leavesOf } from "../../../analysis/storage/vdevs.ts";
import type { StepRun } from "../../../confirm/define.ts";
import { type Changes, type Systems, step } from "../../define.ts";
import { settled } from "../settle.ts";
import { poolNow } from "./world.ts";

export const powerArgs = z.object({
  host: z.string(),
  pool: z.string(),
  pool_guid: z.string(),
  leaf: z.string(),
  /** Its state before. */
  was: z.string(),
});
export const replaceArgs = powerArgs.omit({ was: true }).extend({ disk: z.string(), device: z.string() });

type Run = StepRun<Changes, Systems>;
type Power = "offline" | "online";

async function stateOf({ systems }: Run, { host, pool_guid, leaf }: z.output<typeof powerArgs>) {
  const pool = await poolNow(systems, host, pool_guid);
  return leavesOf(pool?.vdevs ?? []).find(({ guid }) => guid === leaf)?.state;
}

async function power(to: Power, args: z.output<typeof powerArgs>, run: Run): Promise<void> {
  const { host, pool, leaf } = args;
  await settled(
    () => run.changes.zfs.one(host).system[to](pool, leaf),
    async () => ((await stateOf(run, args)) === "offline") === (to === "offline"),
  );
}

const powerStep = (to: Power, back: Power) =>
  step({
    args: powerArgs,
    async does(args, run) {
      await power(to, args, run);
      return {};
    },
    async undoes(args, _outcome, run) {
      const now = await stateOf(run, args);
      if (now !== undefined && (now === "offline") === (to === "offline")) await power(back, args, run);
    },
  });

const replace = step({
  args: replaceArgs,
  async does({ host, pool, pool_guid, leaf, disk, device }, { changes, systems, say }) {
    say(`Putting ${disk} into ${pool}`);
    await settled(
      () => changes.zfs.one(host).system.replace(pool, leaf, device),
      async () =>
        judgeReplacement({ guid: leaf, disk, device }, await poolNow(systems, host, pool_guid)).is === "after",
    );
    return {};
  },
  // What ZFS refused never began; what it began goes on, with the old disk still in the pool.
  async undoes() {},
});

export const replaceSteps = {
  offline: powerStep("offline", "online"),
  online: powerStep("online", "offline"),
  replace,
};
