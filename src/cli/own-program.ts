import { fileURLToPath } from "node:url";

/** The file that starts this very program again: dist/main.js, or its source where that runs. */
export const ownProgram = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js", import.meta.url),
);
