import { tally } from "../src/analysis/permissions/trees/tally.ts";
import { connectFiles } from "../src/systems/files/index.ts";
import { localRunner } from "../src/systems/shell/local.ts";
import { shellOver } from "../src/systems/shell/shell.ts";
import { readingCommands } from "../src/systems/shell/table.ts";

// Walks one tree as audit_permissions does, in a process of its own, so that its memory is nobody else's. Argument: the tree.
const [tree = ""] = process.argv.slice(2);
// The bench's own files need no sudo.
const files = connectFiles({ reading: shellOver({ ...localRunner(), root: true }, readingCommands, [tree]) }, [tree]);
const started = performance.now();
const viewer = { container: "app", uid: 4242, gids: new Set([4242]), writable: true, path: tree };
const counted = tally([viewer], new Set([950]));
for await (const batch of files.walk(tree, {})) counted.add(batch);
const took_ms = performance.now() - started;
process.send?.({ took_ms, entries: counted.facts().entries, memory_kb: process.resourceUsage().maxRSS });
