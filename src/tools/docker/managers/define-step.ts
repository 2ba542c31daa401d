import { z } from "zod";
import { definitionChange, hashOf, redefined, restored } from "../../../analysis/managers/definition-change.ts";
import type { Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import { type Systems, step } from "../../define.ts";
import { inProject, projectRef } from "./read-project.ts";

/** Writes a change into a compose file; undone, every byte is as it was. Nothing is deployed. */
export const define = step({
  args: inProject.extend({ change: definitionChange }),
  async does({ host, ref, change }, { changes, systems, signal }) {
    const manager = systems.managers.compose.one(host).system;
    const made = redefined(await manager.definition(ref, signal), change);
    if (made === null) throw new StewardError("conflict", "The compose file has changed meanwhile.", "Plan it again.");
    await changes.managers.compose.one(host).system.define(ref, made);
    // A file that compose refuses would keep the whole project from its next start.
    await manager.read(ref, signal).catch((cause: unknown) => {
      if (!(cause instanceof StewardError) || cause.code !== "unsupported") throw cause;
      const message = "docker compose does not take its file with this change.";
      throw new StewardError("refused", message, "Change it by hand.", { cause });
    });
    return {};
  },
  async undoes({ host, ref, change }, _outcome, { changes, systems }) {
    const text = await systems.managers.compose.one(host).system.definition(ref);
    const made = restored(text, change, new Map());
    if (made !== null) await changes.managers.compose.one(host).system.define(ref, made);
  },
});

const identity = z.object({ ref: projectRef, change: definitionChange });

export async function observeDefinition({ target }: Unit, systems: Systems): Promise<Json> {
  const { ref } = identity.parse(target.identity);
  return { sha256: hashOf(await systems.managers.compose.one(target.host).system.definition(ref)) };
}

/** Told by reading the file again. */
export async function definitionStands({ target }: Unit, systems: Systems): Promise<Standing> {
  const { ref, change } = identity.parse(target.identity);
  const now = hashOf(await systems.managers.compose.one(target.host).system.definition(ref));
  const file = `The compose file of ${target.name}`;
  if (now === change.after_sha256) return { is: "after", why: `${file} says so now.` };
  if (now === change.before_sha256) return { is: "before", why: `${file} is as it was, byte for byte.` };
  return { is: "neither", why: `${file} is neither what it was nor what was approved.` };
}
