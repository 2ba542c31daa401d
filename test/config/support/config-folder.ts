import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import { ConfigError } from "../../../src/config/problem.ts";

/** A folder for the configurations of one test file, and what loading one of them says. */
export function configFolder() {
  let made = "";
  beforeAll(() => {
    made = mkdtempSync(join(tmpdir(), "hs-config-"));
  });
  afterAll(() => rmSync(made, { recursive: true }));

  const folder = () => made;
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(made, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const load = (text: string, env: Record<string, string> = {}, platform: NodeJS.Platform = "linux") =>
    loadConfig({ file: file("config.yaml", text), env, platform });
  /** The lines of the error, with the folder of this run taken out. */
  const complaints = async (...args: Parameters<typeof load>): Promise<string[]> => {
    try {
      await load(...args);
    } catch (error) {
      if (error instanceof ConfigError) return error.message.replaceAll(`${made}/`, "").split("\n");
      throw error;
    }
    return [];
  };
  return { folder, file, load, complaints };
}
