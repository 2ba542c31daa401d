import { z } from "zod";
import type { Standing, Unit } from "../../../../confirm/define.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import { type Systems, step } from "../../../define.ts";

const accountArgs = z.object({ host: z.string(), name: z.string(), id: z.int() });

/** Makes a user and its group, both of which were not there when it was planned; the way back removes exactly these. */
export const createAccount = step({
  args: accountArgs,
  async does({ host, name, id }, { changes }) {
    await changes.accounts.one(host).system.create({ name, id });
    return {};
  },
  async undoes({ host, name, id }, _outcome, { changes }) {
    await changes.accounts.one(host).system.remove({ name, id });
  },
});

export const accountStep = (host: string, { name, id }: { name: string; id: number }): Unit["steps"][number] => ({
  step: "create_account",
  args: { host, name, id },
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
