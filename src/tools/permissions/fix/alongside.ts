import type { Standing, Unit } from "../../../confirm/define.ts";
import type { JsonObject } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { secretStands } from "./secrets/steps.ts";
import { ownersArgs } from "./steps.ts";
import { accountStands } from "./users/steps.ts";

type Is = Standing["is"];
type Ask = (args: JsonObject, systems: Systems) => Promise<Is>;

/** Steps that go along with a container that is made again, and how each stands: told by reading. */
const asks: Readonly<Record<string, Ask>> = {
  create_account: accountStands,
  write_secret: secretStands,
  async set_owners(args, systems) {
    const { host, tree, list } = ownersArgs.parse(args);
    const { before, after, halfway, other } = await systems.files.one(host).system.check(tree, list);
    if (after + halfway + other === 0) return "before";
    // Once they are its own, what becomes of them is the container's business: it moves, removes and makes files anew.
    return before + halfway === 0 ? "after" : "neither";
  },
};

/** How each of a unit's steps stands that goes along with a container, in the unit's order. */
export async function alongside({ steps }: Pick<Unit, "steps">, systems: Systems): Promise<Along[]> {
  const asked = steps.flatMap(({ step, args, does }) => {
    const ask = asks[step];
    return ask === undefined ? [] : [ask(args, systems).then((is) => ({ is, does }))];
  });
  return Promise.all(asked);
}

interface Along {
  is: Is;
  does: string;
}

/** The container's own standing and that of all that goes along: as planned or as before only where all of it is. */
export function together({ is, why }: Standing, along: readonly Along[]): Standing {
  const otherwise = along.filter((one) => one.is !== is);
  if (is === "neither" || otherwise.length === 0) return { is, why };
  const words = otherwise.map(({ does, is: now }) => `${does} (${inWords[now]})`).join("; ");
  return { is: "neither", why: `${why} But not so: ${words}.` };
}

const inWords: Readonly<Record<Is, string>> = { after: "done", before: "not done", neither: "neither done nor undone" };
