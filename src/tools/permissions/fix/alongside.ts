import type { Standing, Unit } from "../../../confirm/define.ts";
import type { JsonObject } from "../../../shared/json.ts";
import type { Systems } from "../../define.ts";
import { secretStands } from "./secrets/steps.ts";
import { ownersArgs } from "./steps.ts";
import { accountStands } from "./users/steps.ts";

type Is = Standing["is"];
/** `seen`: what has to be the same when the plan begins as when it was made. */
type Ask = (args: JsonObject, systems: Systems) => Promise<{ is: Is; seen: string }>;

const plainly =
  (stands: (args: JsonObject, systems: Systems) => Promise<Is>): Ask =>
  async (args, systems) => {
    const is = await stands(args, systems);
    return { is, seen: is };
  };

/** Steps that go along with a container that is made again, and how each stands: told by reading. */
const asks: Readonly<Record<string, Ask>> = {
  create_account: plainly(accountStands),
  write_secret: plainly(secretStands),
  async set_owners(args, systems) {
    const { host, tree, list } = ownersArgs.parse(args);
    const { before, after, halfway, gone, replaced, other } = await systems.files.one(host).system.check(tree, list);
    // What a container removes as it stops, and makes anew as it starts, is not to be put back; what was gone before that
    // makes a plan stale.
    const lost = gone + replaced;
    if (after + halfway + other === 0) return { is: "before", seen: lost === 0 ? "before" : `${lost} gone` };
    // Once they are its own, what becomes of them is the container's business: it moves, removes and makes files anew.
    const is = before + halfway === 0 ? "after" : "neither";
    return { is, seen: is };
  },
};

/** How each of a unit's steps stands that goes along with a container, in the unit's order. */
export async function alongside({ steps }: Pick<Unit, "steps">, systems: Systems): Promise<Along[]> {
  const asked = steps.flatMap(({ step, args, does }) => {
    const ask = asks[step];
    return ask === undefined ? [] : [ask(args, systems).then((standing) => ({ ...standing, does }))];
  });
  return Promise.all(asked);
}

interface Along {
  is: Is;
  seen: string;
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
