// Writes dist/: one program in a few files (docs/decisions/0007-bundled-start.md). What every start loads goes in, the MCP
// SDK, zod and YAML; what has native parts, or is loaded only when its system is first used, stays in node_modules.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

await build({
  cwd: root,
  input: "src/main.ts",
  platform: "node",
  external: ["better-sqlite3", "dockerode", "ssh2", "ws"],
  transform: { target: "node22.19" },
  logLevel: "warn",
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    // One folder deep, as the sources are: paths relative to a module stay true. The hash keeps the files of a program
    // that still runs while a newer one is built beside it.
    chunkFileNames: "chunks/[name]-[hash].js",
    sourcemap: true,
  },
});
