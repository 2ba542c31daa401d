import { z } from "zod";
import { StewardError, Untouched } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import type { SecretFileChanges, SecretFiles } from "./port.ts";
import { secretProgram } from "./program.ts";

const [owners_only, and_roots_group] = [0o400, 0o440];

const report = z.discriminatedUnion("is", [
  z.object({ is: z.literal(["missing", "done", "taken", "other"]) }),
  z.object({ is: z.literal("there"), uid: z.int(), mode: z.int() }),
  z.object({ is: z.literal("read"), value: z.base64() }),
  z.object({ is: z.literal("refused"), why: z.string() }),
]);

/** What the program reads: itself first. Values travel by stdin only, which nobody sees in a list of processes. */
const input = (...more: readonly string[]) => Buffer.from([secretProgram, ...more].join(""));

/** One machine's files of secrets through its command line. */
export function connectSecretFiles({ reading }: Pick<Shells, "reading">, folder: string): SecretFiles {
  return {
    folder,
    async look(file, signal) {
      const args = { secretFile: below(folder, file) };
      const said = reportOf(await reading.run("secretLook", args, { input: input(), ...(signal && { signal }) }));
      if (said.is === "there") return { is: "there", uid: said.uid, root_group: said.mode === and_roots_group };
      if (said.is === "missing") return { is: "missing" };
      throw unexpected();
    },
  };
}

export function connectSecretFileChanges({ changing }: Pick<Shells, "changing">, folder: string): SecretFileChanges {
  return {
    async write(file, { uid, root_group }, value) {
      const mode = root_group ? and_roots_group : owners_only;
      const said = reportOf(
        await changing.run(
          "secretWrite",
          { secretFile: below(folder, file) },
          { input: input(`${uid} ${mode.toString(8)}\0`, value) },
        ),
      );
      if (said.is === "taken")
        throw new Untouched("conflict", "A secret's file is there already.", "Look whose it is, then plan it again.");
      if (said.is !== "done") throw unexpected();
    },
    async read(file) {
      const said = reportOf(await changing.run("secretRead", { secretFile: below(folder, file) }, { input: input() }));
      if (said.is === "read") return Buffer.from(said.value, "base64").toString("utf8");
      if (said.is === "missing")
        throw new StewardError("not_found", "A secret's file is gone.", "Look who removed it.");
      throw unexpected();
    },
    async remove(file, value) {
      const args = { secretFile: below(folder, file) };
      const said = reportOf(await changing.run("secretRemove", args, { input: input(value) }));
      if (said.is === "other")
        throw new StewardError(
          "conflict",
          `The file ${file} holds another value than the container, and is left as it is.`,
          "Look which of the two is right, and remove the file by hand.",
        );
      if (said.is !== "done") throw unexpected();
    },
  };
}

/** Directly: whatever else its name holds is for the table's slot to refuse. */
function below(folder: string, file: string): string {
  if (file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes("/")) return file;
  throw new StewardError("bad_input", "A secret's file is not in the folder for secrets.", "Plan it again.");
}

const reasons = new Map([
  ["open_folder", "belongs to somebody else than root, or can be listed or written by others"],
  ["access_list", "has an access list, which may let others in"],
  ["no_folder", "is no folder, or is reached over a symbolic link"],
  ["no_file", "holds something else under the name of a secret's file, or one that others may read"],
]);

function reportOf({ code, stdout, stderr }: RunResult): z.output<typeof report> {
  const said = parsed(stdout);
  if (said === null)
    throw new StewardError(
      "wrong_answer",
      `python3 ended with code ${code} and said nothing of a secret's file.`,
      "Look whether python3 on that machine is 3.6 or newer, and whether the disk is full.",
      { cause: new Error(stderr) },
    );
  if (said.is !== "refused") return said;
  if (said.why === "no_parent")
    throw new StewardError(
      "not_found",
      "The folder above the one for secrets is missing.",
      "Make it, or mend secrets_folder.",
    );
  throw new StewardError(
    "refused",
    `The folder for secrets ${reasons.get(said.why) ?? "can't be used"}.`,
    "Let Home Steward make it anew, or name another as secrets_folder.",
  );
}

function parsed(text: string): z.output<typeof report> | null {
  try {
    return report.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const unexpected = () =>
  new StewardError("wrong_answer", "The program for secrets' files answers something else.", "Report this.");
