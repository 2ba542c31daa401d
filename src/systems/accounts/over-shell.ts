import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import type { AccountChanges, Accounts } from "./port.ts";
import { mustBeFree, partsOf } from "./standing.ts";

/** Users and groups as `getent` lists them. */
export function accountsOverShell({ reading: shell }: Pick<Shells, "reading">): Accounts {
  const lines = ({ code, stdout }: RunResult) => {
    if (code === 0) return stdout.split("\n").filter((line) => line !== "");
    throw new StewardError("wrong_answer", `getent ended with code ${code}.`, "Run it by hand there.");
  };
  return {
    async read(signal) {
      const options = signal === undefined ? {} : { signal };
      const [users, groups] = await Promise.all([shell.run("users", {}, options), shell.run("groups", {}, options)]);
      return {
        users: lines(users).map((line) => {
          const [name = "", , uid, gid] = line.split(":");
          return { name, uid: Number(uid), gid: Number(gid) };
        }),
        groups: lines(groups).map((line) => {
          const [name = "", , gid, members = ""] = line.split(":");
          return { name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") };
        }),
      };
    },
  };
}

/** Through `groupadd`, `useradd`, `userdel` and `groupdel` (Debian's and Red Hat's shadow). */
export function accountChangesOverShell({
  reading,
  changing: shell,
}: Pick<Shells, "reading" | "changing">): AccountChanges {
  const accounts = accountsOverShell({ reading });
  return {
    async create(account) {
      mustBeFree(account, await accounts.read());
      const { name, id } = account;
      changed("groupadd", await shell.run("groupAdd", { account: name, number: String(id) }));
      changed("useradd", await shell.run("userAdd", { account: name, number: String(id) }));
    },
    async remove(account) {
      const { name } = account;
      if (partsOf(account, await accounts.read()).user)
        changed("userdel", await shell.run("userDelete", { account: name }));
      // userdel takes a user's own group along where the machine is set up so (USERGROUPS_ENAB).
      if (partsOf(account, await accounts.read()).group)
        changed("groupdel", await shell.run("groupDelete", { account: name }));
    },
  };
}

/** What the four programs end with (their manual pages). */
const refusals: Readonly<Record<number, readonly [message: string, fix: string]>> = {
  1: ["The files with the machine's accounts can't be changed.", "Look whether /etc can be written there."],
  8: ["A process still runs as that user.", "Stop it first."],
  10: ["The file with the machine's groups can't be changed.", "Look whether /etc can be written there."],
};

function changed(program: string, { code, stderr }: RunResult): void {
  if (code === 0) return;
  const [message, fix] = refusals[code] ?? [
    `${program} ended with code ${code}.`,
    "Its own words are in Home Steward's log.",
  ];
  throw new StewardError(code === 8 ? "conflict" : "refused", message, fix, { cause: new Error(stderr) });
}
