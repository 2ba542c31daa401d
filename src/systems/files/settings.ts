import { StewardError } from "../../shared/errors.ts";
import type { Shells } from "../shell/port.ts";
import { fits, settingsFile } from "../shell/slots.ts";
import type { Files } from "./port.ts";

/** A machine's settings files through its command line. Links are not followed: who may write one could point it anywhere. */
export function settingsReader(
  { reading: shell }: Pick<Shells, "reading">,
  roots: readonly string[],
): Pick<Files, "settings" | "settingsText"> {
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
  return {
    async settings(path, signal) {
      const options = withSignal(signal);
      const real = await shell.run("composeReal", { definition: path }, { ...options, timeoutMs: 5_000 });
      if (real.code !== 0)
        throw new StewardError(
          "not_found",
          "There is nothing at this path, or it can't be seen.",
          "Look at the mount.",
        );
      if (real.stdout !== `${path}\0`)
        throw new StewardError("refused", "This path leads over a symbolic link.", "Mount what the link leads to.");
      const { stdout, code } = await shell.run("filesBelow", { tree: path }, options);
      const found = stdout.split("\0").map((entry) => ({ type: entry.slice(0, 1), file: entry.slice(1) }));
      const settings = found.filter(({ file }) => fits(settingsFile, file, roots));
      const files = settings.filter(({ type }) => type === "f").map(({ file }) => file);
      // It may be one to a folder.
      const linked = found.some(({ type, file }) => type === "l" && !/\.[^/]*$/.test(file));
      return { files: files.toSorted(), whole: code === 0 && !linked && files.length === settings.length };
    },
    async settingsText(path, signal) {
      const { stdout, code } = await shell.run("settingsText", { settings: path }, withSignal(signal));
      if (code === 0) return stdout;
      throw new StewardError("refused", "This file can't be read.", "Let the shell's account read it.");
    },
  };
}
