import { createHash } from "node:crypto";
import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import { defaultRoots, composeFile as fileSlot, fits, composeFolder as folderSlot } from "../shell/slots.ts";
import type { FileChanges, FileManager, ProjectRef } from "./port.ts";

interface Place {
  /** Where the engine listens on that machine. */
  engine: string;
  roots?: readonly string[] | undefined;
}

/** Compose projects whose one file lies on the machine, inside its configured roots, through that machine's shell. */
export function composeProjects(
  { reading }: Pick<Shells, "reading">,
  { engine, roots = defaultRoots }: Place,
): FileManager {
  return {
    keeps: (ref) => fileOf(ref, roots) !== null,
    async definition(ref, signal) {
      const { file } = slotsOf(ref, engine, roots);
      const options = signal === undefined ? {} : { signal };
      const real = await reading.run("composeReal", { definition: file }, options);
      if (real.stdout !== `${file}\0`)
        throw new StewardError("unsupported", "This project's file is a link, or not there.", "Change it by hand.");
      const { code, stdout } = await reading.run("composeText", { definition: file }, options);
      if (code === 0) return stdout;
      throw new StewardError("refused", "This project's file can't be read.", "Let the shell's account read it.");
    },
    async read(ref, signal) {
      const slots = slotsOf(ref, engine, roots);
      const { stdout } = answered(await reading.run("composeHashes", slots, signal === undefined ? {} : { signal }));
      const lines = stdout.split("\n").filter((line) => /^\S+ [0-9a-f]{64}$/.test(line));
      const defined = Object.fromEntries(lines.map((line): [string, string] => [line.slice(0, -65), line.slice(-64)]));
      const mark = createHash("sha256").update(lines.toSorted().join("\n")).digest("hex");
      return { state: "running", busy: false, deployed: `sha256:${mark}`, defined, notes: [] };
    },
  };
}

export function composeChanges({ changing }: Pick<Shells, "changing">, place: Place): FileChanges {
  const { engine, roots = defaultRoots } = place;
  const make: FileChanges = {
    async deploy(ref, text, following) {
      const { file } = slotsOf(ref, engine, roots);
      await make.define(ref, text);
      // What moved out of the file is in the one before, too. Whoever deploys knows the way back.
      await written(changing.run("composeForget", { spare: `${file}.steward-old` }));
      await make.redeploy(ref, following);
    },
    async define(ref, text) {
      const { file } = slotsOf(ref, engine, roots);
      const fresh = `${file}.steward-new`;
      await written(changing.run("composeCopy", { definition: file, spare: `${file}.steward-old` }));
      await written(changing.run("composeCopy", { definition: file, spare: fresh }));
      await written(changing.run("composeFill", { spare: fresh }, { input: Buffer.from(text) }));
      await written(changing.run("composeSwap", { spare: fresh, definition: file }));
    },
    async redeploy(ref, { services, signal }) {
      const slots = slotsOf(ref, engine, roots);
      for (const service of services) {
        const end = await changing.run("composeUp", { ...slots, service }, signal === undefined ? {} : { signal });
        if (end.code === 0) continue;
        throw new StewardError(
          "conflict",
          `docker compose could not bring up ${service} of ${ref.project} (exit code ${end.code}).`,
          "Run docker compose up there by hand to see why.",
          { cause: new Error(end.stderr.slice(-500)) },
        );
      }
    },
  };
  return make;
}

/** The version of docker compose on a machine, for `home-steward doctor`. Errors: unsupported, and those of the shell. */
export async function composeVersion({ reading }: Pick<Shells, "reading">): Promise<string> {
  const { stdout } = answered(await reading.run("composeVersion", {}));
  return /^v?([0-9][0-9A-Za-z.+~-]{0,40})\s*$/.exec(stdout)?.[1] ?? "of an unknown version";
}

/** More than one file, or a file elsewhere: the labels are what is left to go by. */
function fileOf({ files, folder }: ProjectRef, roots: readonly string[]): string | null {
  const [file, another] = files;
  const inside = file !== undefined && fits(fileSlot, file, roots) && fits(folderSlot, folder, roots);
  return inside && another === undefined ? file : null;
}

function slotsOf(ref: ProjectRef, engine: string, roots: readonly string[]) {
  const file = fileOf(ref, roots);
  if (file !== null) return { engine, project: ref.project, folder: ref.folder, file };
  throw new StewardError(
    "not_found",
    "This project's file is not a single one inside the configured roots.",
    "Add its folder to roots of that host.",
  );
}

async function written(step: Promise<RunResult>): Promise<void> {
  const { code, stderr } = await step;
  if (code === 0) return;
  const cause = new Error(stderr.slice(-500));
  const fix = "Let the shell's account write in its folder, or change the file by hand.";
  throw new StewardError("refused", "This project's file can't be written.", fix, { cause });
}

function answered(end: RunResult): RunResult {
  if (end.code === 0) return end;
  const noPlugin = /is not a docker command|unknown (?:shorthand )?flag/i.test(end.stderr);
  const [message, fix] = noPlugin
    ? ["The machine's docker command has no compose plugin.", "Install docker compose (version 2) there."]
    : ["docker compose can't read this project's file there.", "Run docker compose config there to see why."];
  throw new StewardError("unsupported", message, fix, { cause: new Error(end.stderr.slice(-500)) });
}
