import { z } from "zod";
import { asSaved, savedMembers } from "../../../analysis/managers/standing.ts";
import { step } from "../../define.ts";
import { percent } from "./deploy-steps.ts";
import { inProject } from "./read-project.ts";
import { readWhenIdle } from "./until-idle.ts";

const args = inProject.extend({ stopped: z.boolean(), members: savedMembers });

/** One change of an app's state through TrueNAS. Undone, it runs or is stopped as it was. */
const power = (verb: "start" | "stop" | "redeploy") =>
  step({
    args,
    async does({ host, ref }, { changes, say, signal }) {
      const following = { services: [], signal, ...percent(say, "TrueNAS is at it") };
      await changes.managers.truenas.one(host).system[verb](ref, following);
      return {};
    },
    async undoes({ host, ref, stopped, members }, _outcome, { changes, systems, say }) {
      const { system } = changes.managers.truenas.one(host);
      const now = await readWhenIdle({ by: "truenas", host, ref }, systems, say);
      const following = percent(say, "TrueNAS puts it back");
      const isStopped = now.project.state === "stopped";
      if (stopped && !isStopped) await system.stop(ref, following);
      if (!stopped && (isStopped || !asSaved(members, now.members))) await system.start(ref, following);
    },
  });

export const powerSteps = { app_start: power("start"), app_stop: power("stop"), app_restart: power("redeploy") };
