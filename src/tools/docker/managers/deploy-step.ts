import { z } from "zod";
import {
  type DefinitionChange,
  definitionChange,
  hashOf,
  redefined,
  restored,
} from "../../../analysis/managers/definition-change.ts";
import { isBack, type Redeployed, redeployed } from "../../../analysis/managers/deployment.ts";
import { savedMembers } from "../../../analysis/managers/standing.ts";
import { nameOf } from "../../../analysis/updates/dependants.ts";
import type { StepRun } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import { type Changes, type Systems, step } from "../../define.ts";
import { percent } from "./deploy-steps.ts";
import { byManager, changerOf, managerOf, readProject } from "./read-project.ts";
import { readWhenIdle } from "./until-idle.ts";

/** What a unit is about whose project's file is changed and deployed; `down`: other steps come before it while they are stopped. */
const deployment = byManager.extend({
  change: definitionChange,
  of: z.array(redeployed),
  members: savedMembers,
  down: z.boolean(),
});

/** What stood in the file before it moved into files of its own, by file. */
async function valuesOf({ gaps }: DefinitionChange, secretFiles: Changes["secretFiles"], host: string) {
  const values = new Map<string, string>();
  for (const { file } of gaps) values.set(file, await secretFiles.one(host).system.read(file));
  return values;
}

/**
 * Has a manager keep a changed file and make the containers by it. Undone, the file is as it was, byte for byte, and the
 * containers are made by it once more; where more is undone while they are down they are left stopped.
 */
export const deploy = step({
  args: deployment,
  async does({ change, of, ...at }, { changes, systems, say, signal }) {
    const text = await managerOf(systems, at.by, at.host).definition(at.ref, signal);
    const made = redefined(text, change);
    if (made === null) throw new StewardError("conflict", "The compose file has changed meanwhile.", "Plan it again.");
    const services = of.map(({ service }) => service);
    const following = { services, signal, ...percent(say, "It is deployed") };
    await changerOf(changes, at.by, at.host).deploy(at.ref, made, following);
    return {};
  },
  async undoes({ change, of, members, down, ...at }, _outcome, run) {
    const { changes, systems, say } = run;
    const now = await readWhenIdle(at, systems, say);
    const text = await managerOf(systems, at.by, at.host).definition(at.ref);
    const same = hashOf(text) === change.before_sha256;
    const kept = of.every(({ name }) => {
      const id = members.find((one) => one.name === name)?.container_id;
      return now.members.some((one) => nameOf(one) === name && one.Id === id);
    });
    if (same && kept) return;
    const made = same ? text : restored(text, change, await valuesOf(change, changes.secretFiles, at.host));
    if (made === null)
      throw new StewardError(
        "conflict",
        "The compose file was changed by somebody else meanwhile, and is left as it is.",
        "Compare it with what the plan says.",
      );
    const services = of.map(({ service }) => service);
    try {
      await changerOf(changes, at.by, at.host).deploy(at.ref, made, { services, ...percent(say, "It is put back") });
    } finally {
      if (down) await takeDown(at, of, run);
    }
  },
});

/** Those that came back; where it failed halfway, the others go on as they are. An app of TrueNAS stops whole. */
async function takeDown(
  at: z.output<typeof byManager>,
  of: readonly Redeployed[],
  { changes, systems, say }: StepRun<Changes, Systems>,
): Promise<void> {
  const { members } = await readProject(at, systems);
  const back = of.filter((one) => isBack(one, members));
  if (at.by !== "truenas") for (const { name } of back) await changes.docker.one(at.host).system.stop(name);
  else if (back.length === of.length)
    await changes.managers.truenas.one(at.host).system.stop(at.ref, percent(say, "It is stopped"));
}
