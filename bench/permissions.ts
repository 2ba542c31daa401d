import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Gate } from "../src/confirm/define.ts";
import { systemClock } from "../src/shared/clock.ts";
import { connectDocker } from "../src/systems/docker/index.ts";
import { fleet } from "../src/systems/fleet.ts";
import { wordsOf } from "../src/systems/shell/argv.ts";
import { readingCommands } from "../src/systems/shell/table.ts";
import { auditPermissions } from "../src/tools/permissions/audit-permissions.ts";
import { noSystems } from "../test/support/no-systems.ts";
import { type Figure, median, several, wallMs } from "./measure.ts";

const run = promisify(execFile);
const fake = fileURLToPath(new URL("./docker-fake.ts", import.meta.url));
const walker = fileURLToPath(new URL("./walk-tree.ts", import.meta.url));
const perFolder = 1_000;
const socket = z.object({ kind: z.literal("socket"), path: z.string() });
/** `why`: the lists were read, or this is no figure. */
const walked = z.object({ took_ms: z.number(), entries: z.number(), why: z.null(), memory_kb: z.number() });
type Walked = z.output<typeof walked>;

/** The audit of many containers without their folders, and a walk of so many files against find alone. */
export async function measurePermissions(files: number, gate: Gate): Promise<Figure[]> {
  return [await measureAudit(100, gate), ...(await measureWalk(files))];
}

async function measureAudit(containers: number, gate: Gate): Promise<Figure> {
  const child = fork(fake, [String(containers)]);
  try {
    const [answer] = await once(child, "message");
    const { reading } = connectDocker(socket.parse(answer));
    const context = {
      systems: { ...noSystems, docker: fleet("docker", ["bench"], () => reading) },
      settings: { bandwidthAlerts: [], update: { health_timeout_s: 60, settle_s: 5 } },
      clock: systemClock,
      signal: AbortSignal.timeout(120_000),
      gate,
      progress: () => {},
    };
    const times = await several(5, () => wallMs(() => auditPermissions.call({}, context)));
    await reading.close();
    return {
      what: `audit of ${containers} containers, without their folders`,
      value: median(times),
      unit: "ms",
      target: 2_000,
    };
  } finally {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}

async function measureWalk(files: number): Promise<Figure[]> {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), "steward-bench-tree-")));
  try {
    for (let n = 0; n < files; n++) {
      const folder = join(tree, `folder-${Math.floor(n / perFolder)}`);
      if (n % perFolder === 0) mkdirSync(folder);
      closeSync(openSync(join(folder, `a file of a plain name ${n}`), "w"));
    }
    const [program = ""] = readingCommands.walk.program;
    const words = wordsOf(readingCommands.walk, { tree }, [tree]);
    const sh = (script: string) => wallMs(() => run("/bin/sh", ["-c", script, tree, program, ...words]));
    const plain = () => sh('exec "$@" >/dev/null');
    // find knows nothing of access lists: getfacl is the plain way to those.
    const withLists = () => sh('"$@" >/dev/null & getfacl -RPnps -- "$0" >/dev/null; wait');
    const child = fork(walker, [tree]);
    const broken = once(child, "exit").then(() => Promise.reject(new Error("The walk broke off.")));
    const walk = async (lists: boolean) => {
      child.send(lists);
      const [answer] = await Promise.race([once(child, "message"), broken]);
      return walked.parse(answer);
    };
    // Once before, so that all find the folders in the kernel's cache, and our code compiled, as in a server that has walked
    // before; then in turns, so that all meet the same load.
    await plain();
    await walk(true);
    const turns: { find: number; both: number; bare: Walked; ours: Walked }[] = [];
    for (let turn = 0; turn < 3; turn++)
      turns.push({ find: await plain(), bare: await walk(false), both: await withLists(), ours: await walk(true) });
    broken.catch(() => {});
    child.disconnect();
    const time = (of: "find" | "both") => median(turns.map((turn) => turn[of]));
    const took = (of: "bare" | "ours") => median(turns.map((turn) => turn[of].took_ms));
    return [
      { what: `walk of ${files.toLocaleString("en")} files`, value: took("bare") / 1_000, unit: "s" },
      { what: "… over find alone with the same words", value: took("bare") / time("find"), unit: "×", target: 1.3 },
      { what: "… with access lists", value: took("ours") / 1_000, unit: "s" },
      { what: "… over find and getfacl side by side", value: took("ours") / time("both"), unit: "×", target: 1.3 },
      { what: "… over find alone", value: took("ours") / time("find"), unit: "×" },
      {
        what: "… memory at its peak",
        value: Math.max(...turns.map(({ ours }) => ours.memory_kb)) / 1024,
        unit: "MiB",
        target: 150,
      },
    ];
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
