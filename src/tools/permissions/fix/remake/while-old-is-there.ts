import { z } from "zod";
import type { Step } from "../../../../confirm/define.ts";
import type { Changes, Systems } from "../../../define.ts";
import { inspected } from "../../../docker/find.ts";

const args = z.looseObject({ host: z.string(), old: z.string().optional() });

/**
 * A step that goes along with a container which the engine makes again; `old` in its args is the old one's id. Once that is
 * gone nothing of the step is taken back: the new container needs it, and no other could come back.
 */
export const whileOldIsThere = ({ does, undoes }: Step<Changes, Systems>): Step<Changes, Systems> => ({
  does,
  async undoes(given, outcome, run) {
    const { host, old } = args.parse(given);
    const kept = old === undefined || (await inspected(run.systems.docker.one(host).system, old)) !== null;
    if (kept) await undoes(given, outcome, run);
  },
});
