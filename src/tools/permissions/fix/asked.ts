import { type Hardenable, hardenable } from "../../../analysis/permissions/fix/harden.ts";
import { type Mendable, mendable } from "../../../analysis/permissions/fix/mend.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Systems } from "../../define.ts";
import { hostOf } from "../../docker/find.ts";

export interface Wish {
  /** "plex/root_user" */
  findings: readonly string[];
  host?: string | undefined;
}

/** What is to be mended of one container: its folders, and itself. */
export interface Asked {
  name: string;
  host: string;
  mend: ReadonlySet<Mendable>;
  harden: ReadonlySet<Hardenable>;
  /** It is to get a user of its own. */
  user: boolean;
  /** Its secrets are to lie in files instead of its environment. */
  secrets: boolean;
}

/** The findings that a user of its own mends. */
const byUser: readonly string[] = ["root_user", "admin_user", "admin_group", "shared_user"];
const all: readonly string[] = [...mendable, ...hardenable, ...byUser, "env_secret"];

/** What is asked for, by container. Errors: unsupported (a finding of another kind), and those of finding a container. */
export async function askedFor({ findings, host }: Wish, { docker }: Systems): Promise<Asked[]> {
  const checks = new Map<string, Set<string>>();
  for (const finding of findings) {
    const [name = "", check = ""] = finding.split("/");
    if (!all.includes(check))
      throw new StewardError(
        "unsupported",
        "A finding among these can't be mended by a plan.",
        `This tool mends ${all.join(", ")}; what the others need stands in their fix.`,
      );
    checks.set(name, new Set([...(checks.get(name) ?? []), check]));
  }
  return Promise.all(
    [...checks].map(async ([name, of]) => ({
      name,
      host: await hostOf(docker, name, host),
      mend: new Set(mendable.filter((one) => of.has(one))),
      harden: new Set(hardenable.filter((one) => of.has(one))),
      user: byUser.some((one) => of.has(one)),
      secrets: of.has("env_secret"),
    })),
  );
}
