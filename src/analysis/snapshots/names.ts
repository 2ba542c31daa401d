import { StewardError } from "../../shared/errors.ts";
import type { ChangeRules } from "../../systems/zfs/port.ts";

// What ZFS allows (zfs(8)); it keeps 255 characters at the most.
const part = "[A-Za-z0-9._: -]+";
const fits = {
  dataset: new RegExp(`^[A-Za-z][A-Za-z0-9._: -]*(?:/${part})*$`),
  snapshot: new RegExp(`^[A-Za-z][A-Za-z0-9._: -]*(?:/${part})*@${part}$`),
  tag: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
};

/** Throws for a name that could not be given to ZFS. Errors: bad_input, unsupported (a space, where sudo is in between). */
export function checkName(kind: keyof typeof fits, name: string, { spaces }: Pick<ChangeRules, "spaces">): void {
  if (!fits[kind].test(name) || name.length > 255)
    throw new StewardError("bad_input", `That is no name for a ${kind}.`, "Letters, digits, and any of . _ : - only.");
  if (!spaces && name.includes(" "))
    throw new StewardError(
      "unsupported",
      "A name with a space can't go through sudo, which can't tell it from two names.",
      "Do it by hand on that machine.",
    );
}

/** "2026-11-22_15-04-05" (UTC), as a part of a name. `now` in ms since 1970. */
export const stamp = (now: number): string =>
  new Date(now).toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
