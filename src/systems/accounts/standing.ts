import { StewardError, Untouched } from "../../shared/errors.ts";
import type { MachineAccounts, OwnAccount } from "./port.ts";

/** Errors: conflict (Untouched). Both ways would say so by themselves, each in its own words, and perhaps halfway. */
export function mustBeFree({ name, id }: OwnAccount, { users, groups }: MachineAccounts): void {
  if (
    users.some((user) => user.name === name || user.uid === id) ||
    groups.some((g) => g.name === name || g.gid === id)
  )
    throw new Untouched("conflict", `The account ${name} or the number ${id} is taken.`, "Plan it again.");
}

/** What there is of an account. Errors: conflict (it is somebody else's by now). */
export function partsOf(
  { name, id }: OwnAccount,
  { users, groups }: MachineAccounts,
): { user: boolean; group: boolean } {
  const user = users.find((one) => one.name === name);
  const group = groups.find((one) => one.name === name);
  const others =
    users.some((one) => one.name !== name && one.gid === id) || (group?.members ?? []).some((m) => m !== name);
  if (
    (user !== undefined && (user.uid !== id || user.gid !== id)) ||
    (group !== undefined && (group.gid !== id || others))
  )
    throw new StewardError(
      "conflict",
      `The account ${name} is not as it was made, and is left as it is.`,
      "Look who changed it, and remove it by hand if nobody needs it.",
    );
  return { user: user !== undefined, group: group !== undefined };
}
