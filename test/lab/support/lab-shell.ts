import { basename } from "node:path";
import type { Shells } from "../../../src/systems/shell/index.ts";
import { localRunner } from "../../../src/systems/shell/local.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import type { Lab } from "./lab.ts";

/** The command line of the lab's machine: this one, with the network of the lab's dockerd. */
export function labShells(lab: Lab): Shells {
  const local = localRunner();
  const network = `--net=/run/netns/hs-${basename(lab.folder)}`;
  const runner: Runner = {
    ...local,
    start: (argv, signal, limit_ms) => local.start(["/usr/bin/nsenter", network, "--", ...argv], signal, limit_ms),
  };
  return {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: () => runner.close(),
  };
}
