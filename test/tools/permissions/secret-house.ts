import { fleet } from "../../../src/systems/fleet.ts";
import { connectSecretFileChanges, connectSecretFiles } from "../../../src/systems/secret-files/index.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { playedSecretFiles } from "../../support/played-secret-files.ts";
import type { GatedHouse } from "../support/gated.ts";

export const folder = "/mnt/tank/home-steward-secrets";

/** Gives host "nas" of a house a folder for secrets, on a played machine. */
export function withSecretFiles({ systems, changes }: Pick<GatedHouse, "systems" | "changes">) {
  const { runner, files, ran } = playedSecretFiles();
  const shells = { reading: shellOver(runner, readingCommands), changing: shellOver(runner, changingCommands) };
  systems.secretFiles = fleet("secrets_folder", ["nas"], () => connectSecretFiles(shells, folder));
  changes.secretFiles = fleet("secrets_folder", ["nas"], () => connectSecretFileChanges(shells, folder));
  return { files, ran };
}
