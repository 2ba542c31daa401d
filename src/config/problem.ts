/** One thing that is wrong with the configuration, for the person who writes it. */
export interface ConfigProblem {
  /** Line of the file; left out where the file says nothing about it. */
  line?: number;
  /** The environment variable it came from, where it did. */
  variable?: string;
  /** "hosts[0].docker.socket"; "" for the whole file. */
  key: string;
  /** What is wrong and what was expected. Never quotes a value: it may be a secret. */
  message: string;
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  readonly file: string | null;

  constructor(file: string | null, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => describe(file, problem)).join("\n"));
    this.name = "ConfigError";
    this.file = file;
    this.problems = problems;
  }
}

function describe(file: string | null, { line, variable, key, message }: ConfigProblem): string {
  const where = variable ?? (line === undefined ? (file ?? "configuration") : `${file}:${line}`);
  return key === "" ? `${where}: ${message}` : `${where}: ${key}: ${message}`;
}

/** `["hosts", 0, "name"]` as people write it: `hosts[0].name`. */
export function writeKey(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}
