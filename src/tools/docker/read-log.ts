import { hideSecretsInLines } from "../../analysis/security/hide-secrets.ts";
import { secretValues } from "../../analysis/security/secret-values.ts";
import type { Docker, LogLine } from "../../systems/docker/port.ts";

/** The last lines of a container, oldest first, with its own secrets and well-known forms of them hidden; not cleaned yet. */
export async function readLog(
  docker: Docker,
  container: string,
  options: { tail: number; since?: number },
  signal: AbortSignal,
): Promise<LogLine[]> {
  const [read, inspected] = await Promise.all([
    docker.logs(container, options, signal),
    // Without it the log is still worth reading, and the well-known forms of secrets are hidden all the same.
    docker.inspect(container, signal).catch(() => undefined),
  ]);
  const safe = hideSecretsInLines(
    read.map(({ text }) => text),
    secretValues(inspected?.Config.Env ?? []),
  );
  return read.map(({ at, stream }, index) => ({ at, stream, text: safe[index] ?? "" }));
}
