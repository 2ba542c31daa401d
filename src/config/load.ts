import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { configFile } from "./folders.ts";
import { ConfigError, type ConfigProblem } from "./problem.ts";
import { type Config, configSchema } from "./schema.ts";
import { fillSecrets } from "./secrets.ts";
import type { Worded } from "./wording.ts";

export interface LoadedConfig {
  config: Config;
  /** The file it came from, or null when there is none. */
  file: string | null;
  /** What is odd but no error: variables that look like no key. Orchestrators inject some with our prefix. */
  warnings: string[];
}

export interface LoadOptions {
  /** From --config. It must exist, like the one HOME_STEWARD_CONFIG names. */
  file?: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
}

/** Reads file and environment into a checked configuration with its secrets filled. Errors: {@link ConfigError} with all of them. */
export async function loadConfig({ file, env, platform }: LoadOptions): Promise<LoadedConfig> {
  const named = file ?? (env.HOME_STEWARD_CONFIG || undefined);
  const path = named ?? configFile({ env, platform, home: homedir() });
  const text = readText(path, named !== undefined);
  // The YAML reader and the table of fields cost tens of milliseconds each: only when there is something to read.
  const source = text === null ? null : (await import("./yaml-source.ts")).readYaml(text);
  const from = source ? path : null;
  if (source && source.problems.length > 0) throw new ConfigError(from, source.problems);
  const fromEnv = hasSettings(env) ? await import("./environment.ts") : null;
  const settings = fromEnv?.readEnvironment(env) ?? { settings: [], slips: [], foreign: [] };
  const data = fromEnv ? fromEnv.overlay(source?.data, settings) : (source?.data ?? {});

  const parsed = configSchema.safeParse(data);
  // Who wrote READONLY believes to be safe.
  const slips = settings.slips.map(({ variable, meant }): ConfigProblem => {
    return { variable, key: "", message: `unknown key. Did you mean ${meant}?` };
  });
  const locate = (path: readonly PropertyKey[]): Pick<ConfigProblem, "line" | "variable"> => {
    const setting = settings.settings.find((one) => one.path.every((part, index) => path[index] === part));
    if (setting) return { variable: setting.variable };
    return source ? { line: source.lineOf(path) } : {};
  };
  const located = (found: readonly Worded[]) =>
    found
      .map(({ path, ...rest }): ConfigProblem => ({ ...locate(path), ...rest }))
      .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  if (!parsed.success) {
    const { wordIssues } = await import("./wording.ts");
    throw new ConfigError(from, [...slips, ...located(wordIssues(parsed.error.issues, data))]);
  }
  const problems = [...slips, ...located(fillSecrets(parsed.data, { env, platform }))];
  if (problems.length > 0) throw new ConfigError(from, problems);
  const ignored = (variable: string) => `${variable} is no key of the configuration and is ignored.`;
  return { config: parsed.data, file: from, warnings: settings.foreign.map(ignored) };
}

function readText(path: string, mustExist: boolean): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing && !mustExist) return null;
    throw new ConfigError(path, [{ key: "", message: missing ? "there is no such file" : "this file can't be read" }]);
  }
}

const hasSettings = (env: LoadOptions["env"]) =>
  Object.keys(env).some(
    (name) => name.startsWith("HOME_STEWARD_") && name !== "HOME_STEWARD_CONFIG" && name !== "HOME_STEWARD_HOME",
  );
