import { z } from "zod";
import type { NewUser } from "../../../../analysis/permissions/fix/rework.ts";
import type { Standing, Unit } from "../../../../confirm/define.ts";
import { StewardError } from "../../../../shared/errors.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import { type Systems, step } from "../../../define.ts";
import { inspected } from "../../../docker/find.ts";

/** Which container gets a user by a plan, and as what its engine tells that: `user`, or variables (`NAME=number`). */
export const becomingArgs = z.object({ container: z.string(), user: z.string().nullable(), env: z.array(z.string()) });
type Becoming = z.output<typeof becomingArgs>;

export const becomingOf = (container: string, { uid, gid, variables }: NewUser): Becoming =>
  variables === null
    ? { container, user: `${uid}:${gid}`, env: [] }
    : { container, user: null, env: [`${variables.uid}=${uid}`, `${variables.gid}=${gid}`] };

/** Where a container could not be put back, it goes on as it is. Errors: conflict (it runs as its new user). */
export async function mustNotRunAs({ container, user, env }: Becoming, host: string, systems: Systems): Promise<void> {
  const found = await inspected(systems.docker.one(host).system, container);
  if (found === null || !found.State.Running) return;
  const { User, Env } = found.Config;
  if (user === null ? env.every((one) => Env?.includes(one)) : User === user)
    throw new StewardError(
      "conflict",
      `${container} still runs as its new user, so that and its folders stay.`,
      "Put the container back by hand first.",
    );
}

const accountArgs = z.object({ host: z.string(), name: z.string(), id: z.int(), becoming: becomingArgs });

/** Makes a user and its group, both of which were not there when it was planned; the way back removes exactly these. */
export const createAccount = step({
  args: accountArgs,
  async does({ host, name, id }, { changes }) {
    await changes.accounts.one(host).system.create({ name, id });
    return {};
  },
  async undoes({ host, name, id, becoming }, _outcome, { changes, systems }) {
    await mustNotRunAs(becoming, host, systems);
    await changes.accounts.one(host).system.remove({ name, id });
  },
});

export const accountStep = (
  host: string,
  { name, id }: { name: string; id: number },
  becoming: Becoming,
): Unit["steps"][number] => ({
  step: "create_account",
  args: { host, name, id, becoming },
  does: `Make the user ${name} (${id}), as which nobody can log in, and its group`,
  undo: "Remove that user and that group again",
});

/** Told by the machine's list of accounts. */
export async function accountStands(args: JsonObject, systems: Systems): Promise<Standing["is"]> {
  const { host, name, id } = accountArgs.parse(args);
  const { users, groups } = await systems.accounts.one(host).system.read();
  const user = users.some((one) => one.name === name && one.uid === id && one.gid === id);
  const group = groups.some((one) => one.name === name && one.gid === id);
  if (user && group) return "after";
  const anything =
    users.some((one) => one.name === name || one.uid === id) ||
    groups.some((one) => one.name === name || one.gid === id);
  return anything ? "neither" : "before";
}
