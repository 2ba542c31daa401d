import { mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * Keeps compiled code between starts: a client waits about three seconds for the first answer, and a third of the start
 * is compiling. In the state folder rather than the system's temporary one, where another user could plant code.
 */
export function cacheCompiledCode(stateFolder: string): void {
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    enableCompileCache(join(stateFolder, "compiled"));
  } catch {
    // Only slower: a state folder that can't be made is said by who needs it.
  }
}
