import { StewardError } from "../../shared/errors.ts";
import type { RunResult, Shells } from "../shell/port.ts";
import { defaultRoots, fits, tree } from "../shell/slots.ts";
import { accessListsOf } from "./access-lists.ts";
import { entryOf } from "./entries.ts";
import { mountsOf } from "./mount-info.ts";
import { checkList } from "./owners.ts";
import { pack } from "./packed.ts";
import type { Files } from "./port.ts";
import { settingsReader } from "./settings.ts";

/** A filesystem that gives no entry for so long hangs: even a sleeping disk is up within a few seconds. */
const silence = 60_000;

/** One machine's folders through its command line, which was given the same roots. Connects at first use. */
export function connectFiles(
  { reading: shell }: Pick<Shells, "reading">,
  roots: readonly string[] = defaultRoots,
): Files {
  const lines = (result: RunResult, program: string) => {
    if (result.code === 0) return result.stdout.split("\n").filter((line) => line !== "");
    throw new StewardError("wrong_answer", `${program} ended with code ${result.code}.`, "Run it by hand there.");
  };
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
  return {
    takes: (path) => fits(tree, path, roots),
    async accounts(signal) {
      const [users, groups] = await Promise.all([
        shell.run("users", {}, withSignal(signal)),
        shell.run("groups", {}, withSignal(signal)),
      ]);
      return {
        users: lines(users, "getent").map((line) => {
          const [name = "", , uid, gid] = line.split(":");
          return { name, uid: Number(uid), gid: Number(gid) };
        }),
        groups: lines(groups, "getent").map((line) => {
          const [name = "", , gid, members = ""] = line.split(":");
          return { name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") };
        }),
      };
    },
    async mounts(signal) {
      return mountsOf(lines(await shell.run("mountInfo", {}, withSignal(signal)), "cat").join("\n"));
    },
    async answers(path, signal) {
      try {
        // Refused or gone is an answer, too.
        await shell.run("fileSystem", { tree: path }, withSignal(signal));
        return true;
      } catch (error) {
        if (error instanceof StewardError && error.code === "timeout") return false;
        throw error;
      }
    },
    async realPath(path, signal) {
      const { code, stdout } = await shell.run("realPath", { tree: path }, withSignal(signal));
      return code === 0 ? stdout.replace(/\0$/, "") : null;
    },
    async *accessLists(folder, signal) {
      yield* accessListsOf(shell.lines("accessLists", { tree: folder }, withSignal(signal)));
    },
    ...settingsReader({ reading: shell }, roots),
    pack,
    check: (folder, list, signal) => checkList({ reading: shell }, folder, list, signal),
    async *walk(folder, { signal, silence_ms = silence }) {
      const hangs = new AbortController();
      const wait = () => setTimeout(() => hangs.abort(silent(silence_ms)), silence_ms);
      const either = signal === undefined ? hangs.signal : AbortSignal.any([signal, hangs.signal]);
      let timer = wait();
      try {
        for await (const records of shell.records("walk", { tree: folder }, { signal: either })) {
          clearTimeout(timer);
          yield records.map(entryOf);
          // Only while it is waited for: who looks at entries may take their time.
          timer = wait();
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const silent = (ms: number) =>
  new StewardError(
    "timeout",
    `A folder gave no answer for ${ms / 1000} seconds.`,
    "Look for a disk or a mount there that hangs.",
  );
