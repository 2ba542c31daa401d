import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import type { TrueNas, TrueNasChanges } from "../truenas/port.ts";
import type { AccountChanges, Accounts, OwnAccount } from "./port.ts";
import { mustBeFree, partsOf } from "./standing.ts";

// Asked for by name: whole entries hold the hashes of passwords.
const users = z.array(
  z.object({ id: z.int(), uid: z.int(), username: z.string(), group: z.object({ bsdgrp_gid: z.int() }) }),
);
const userFields = { select: ["id", "uid", "username", "group"] };
const groups = z.array(z.object({ id: z.int(), gid: z.int(), group: z.string(), users: z.array(z.int()) }));
const groupFields = { select: ["id", "gid", "group", "users"] };

/** TrueNAS's own list of users and groups, which it writes /etc/passwd from. */
export function accountsOverTrueNas(truenas: TrueNas): Accounts {
  return {
    async read(signal) {
      const told = await tables(truenas, signal);
      const names = new Map(told.users.map(({ id, username }) => [id, username]));
      return {
        users: told.users.map(({ username, uid, group }) => ({ name: username, uid, gid: group.bsdgrp_gid })),
        groups: told.groups.map((one) => ({
          name: one.group,
          gid: one.gid,
          members: one.users.flatMap((id) => names.get(id) ?? []),
        })),
      };
    },
  };
}

/** Through TrueNAS, which would take back what `useradd` writes. Its key needs the role ACCOUNT_WRITE. */
export function accountChangesOverTrueNas({
  reading,
  changing,
}: {
  reading: TrueNas;
  changing: TrueNasChanges;
}): AccountChanges {
  const accounts = accountsOverTrueNas(reading);
  /** TrueNAS numbers its accounts for itself. */
  async function idsOf({ name }: OwnAccount) {
    const told = await tables(reading);
    return {
      user: told.users.find(({ username }) => username === name)?.id,
      group: told.groups.find(({ group }) => group === name)?.id,
    };
  }
  return {
    async create(account) {
      mustBeFree(account, await accounts.read());
      const { name, id } = account;
      await changing.call("group.create", [{ name, gid: id, smb: false }]);
      const { group } = await idsOf(account);
      if (group === undefined) throw notUnderstood();
      // No home (its own default is /var/empty), no password, no key, no share: nobody can be this user but a container.
      const user = { username: name, full_name: name, uid: id, group, smb: false, password_disabled: true };
      await changing.call("user.create", [{ ...user, shell: "/usr/sbin/nologin" }]);
    },
    async remove(account) {
      partsOf(account, await accounts.read());
      const ids = await idsOf(account);
      if (ids.user !== undefined) await changing.call("user.delete", [ids.user, { delete_group: false }]);
      if (ids.group !== undefined) await changing.call("group.delete", [ids.group, { delete_users: false }]);
    },
  };
}

async function tables(truenas: TrueNas, signal?: AbortSignal) {
  const ask = async <S extends z.ZodType>(shape: S, method: string, fields: Json) => {
    const answer = shape.safeParse(await truenas.call(method, [[], fields], signal));
    if (answer.success) return answer.data;
    throw notUnderstood(answer.error);
  };
  const [told, of] = await Promise.all([ask(users, "user.query", userFields), ask(groups, "group.query", groupFields)]);
  return { users: told, groups: of };
}

const notUnderstood = (cause?: unknown) =>
  new StewardError("wrong_answer", "TrueNAS told something of its accounts that is not understood.", "Update it.", {
    cause,
  });
