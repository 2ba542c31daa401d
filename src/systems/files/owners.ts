import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import { ownersProgram } from "./owners-program.ts";
import { unpack } from "./packed.ts";
import type { FileChanges, ListStanding, PackedList } from "./port.ts";

const report = z.object({
  before: z.number(),
  after: z.number(),
  halfway: z.number(),
  gone: z.number(),
  replaced: z.number(),
  other: z.number(),
  changed: z.number(),
  left: z.number(),
  begun: z.boolean(),
});

/** What the program reads: itself first, then the list. */
const input = (list: PackedList) => Buffer.concat([Buffer.from(ownersProgram), unpack(list)]);

/** How the entries of a list stand. */
export async function checkList(
  { reading }: Pick<Shells, "reading">,
  tree: string,
  list: PackedList,
  signal?: AbortSignal,
): Promise<ListStanding> {
  const result = await reading.run("ownersCheck", { tree }, { input: input(list), ...(signal && { signal }) });
  const { before, after, halfway, gone, replaced, other } = reportOf(result);
  return { before, after, halfway, gone, replaced, other };
}

/** One machine's owners and modes through its command line. */
export function connectFileChanges({ changing }: Pick<Shells, "changing">): FileChanges {
  const set = async (tree: string, list: PackedList, direction: "forth" | "back") =>
    reportOf(await changing.run("ownersSet", { tree, direction }, { input: input(list) }));
  return {
    async forth(tree, list) {
      const { before, after, halfway, gone, replaced, other, changed, left, begun } = await set(tree, list, "forth");
      if (!begun) {
        const otherwise = after + halfway + gone + replaced + other;
        throw new StewardError(
          "conflict",
          `${otherwise} of ${before + otherwise} entries are not as they were planned; nothing was changed.`,
          "Plan it again; if a container changes them as it stops, stop it first.",
        );
      }
      if (left > 0)
        throw new StewardError(
          "conflict",
          "An entry changed while this ran.",
          "Look who writes there, then plan it again.",
        );
      return { changed };
    },
    async back(tree, list) {
      const { changed, left } = await set(tree, list, "back");
      return { changed, left };
    },
  };
}

function reportOf({ code, stdout, stderr }: RunResult): z.output<typeof report> {
  try {
    return report.parse(JSON.parse(stdout));
  } catch {
    throw new StewardError(
      "wrong_answer",
      `python3 ended with code ${code} and said nothing of its files.`,
      "Look whether python3 on that machine is 3.6 or newer.",
      { cause: new Error(stderr) },
    );
  }
}
