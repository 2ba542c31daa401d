import { tally } from "../src/analysis/permissions/trees/tally.ts";
import { connectFiles } from "../src/systems/files/index.ts";
import { localRunner } from "../src/systems/shell/local.ts";
import { shellOver } from "../src/systems/shell/shell.ts";
import { readingCommands } from "../src/systems/shell/table.ts";
import { walkPass } from "../src/tools/permissions/audit/walk-pass.ts";

// Walks one tree as audit_permissions does, as often as it is told to, in a process of its own, so that its memory is
// nobody else's. Argument: the tree. A message: whether to read access lists, too.
const [tree = ""] = process.argv.slice(2);
// The bench's own files need no sudo.
const files = connectFiles({ reading: shellOver({ ...localRunner(), root: true }, readingCommands, [tree]) }, [tree]);
const viewer = { container: "app", uid: 4242, gids: new Set([4242]), writable: true, path: tree };
process.on("message", async (lists) => {
  const started = performance.now();
  const counted = tally([viewer], new Set([950]));
  const pass = { path: tree, lists: lists === true, hangs: false };
  const why = await walkPass(files, pass, counted, () => {}, AbortSignal.timeout(600_000));
  const took_ms = performance.now() - started;
  process.send?.({ took_ms, entries: counted.facts().entries, why, memory_kb: process.resourceUsage().maxRSS });
});
