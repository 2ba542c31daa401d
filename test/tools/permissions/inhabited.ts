import { chownSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountChangesOverShell, accountsOverShell } from "../../../src/systems/accounts/index.ts";
import { connectFileChanges, connectFiles } from "../../../src/systems/files/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { connectSecretFileChanges, connectSecretFiles } from "../../../src/systems/secret-files/index.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { PlayedAccounts } from "../../systems/accounts/played-accounts.ts";
import type { GatedHouse } from "../support/gated.ts";

/** Owners are changed for real, and secrets' files are made for real. */
export const missing = process.platform !== "linux" || process.getuid?.() !== 0 ? "needs Linux and root" : null;

/** A house whose host "nas" has real folders below `root`, a folder for secrets there, and played accounts. */
export interface Inhabited {
  root: string;
  accounts: PlayedAccounts;
  /** Makes a folder with two files in it that belong to `uid`. */
  folder(name: string, uid: number): string;
  /** "uid:gid" of a folder and of both files. */
  owners(name: string): string[];
  leave(): void;
}

export function inhabited({ systems, changes }: Pick<GatedHouse, "systems" | "changes">): Inhabited {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "home-steward-fix-")));
  const secrets = join(root, "home-steward-secrets");
  const runner = localRunner();
  const reading = shellOver(runner, readingCommands, [root]);
  const changing = shellOver(runner, changingCommands, [root]);
  const accounts = new PlayedAccounts();
  const shells = accounts.shells();
  systems.accounts = fleet("shell", ["nas"], () => accountsOverShell(shells));
  changes.accounts = fleet("shell", ["nas"], () => accountChangesOverShell(shells));
  systems.files = fleet("shell", ["nas"], () => connectFiles({ reading }, [root]));
  changes.files = fleet("shell", ["nas"], () => connectFileChanges({ changing }));
  systems.secretFiles = fleet("secrets_folder", ["nas"], () => connectSecretFiles({ reading }, secrets));
  changes.secretFiles = fleet("secrets_folder", ["nas"], () => connectSecretFileChanges({ changing }, secrets));
  const inside = (name: string) => [name, `${name}/one`, `${name}/two`].map((path) => join(root, path));
  return {
    root,
    accounts,
    folder(name, uid) {
      const [folder = "", ...files] = inside(name);
      mkdirSync(folder);
      for (const file of files) writeFileSync(file, "x");
      for (const path of [folder, ...files]) chownSync(path, uid, uid);
      return folder;
    },
    owners: (name) =>
      inside(name).map((path) => {
        const { uid, gid } = lstatSync(path);
        return `${uid}:${gid}`;
      }),
    leave: () => rmSync(root, { recursive: true, force: true }),
  };
}
