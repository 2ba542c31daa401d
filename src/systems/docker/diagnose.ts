import { asProblem, type Problem } from "../../shared/errors.ts";
import { shownCertificate } from "../pins.ts";
import { defaultDeadlines } from "./call.ts";
import { connectDocker, type DockerOptions } from "./connect.ts";
import type { DockerConnection } from "./port.ts";
import { wayTo } from "./ways.ts";

/** What `home-steward doctor` says of one engine. */
export interface DockerDiagnosis {
  reachable: boolean;
  /** Of the engine, e.g. "28.5.2". */
  version: string | null;
  api_version: string | null;
  /** False for a simulated engine. */
  real: boolean;
  /** What is missing, and how to mend it. */
  problems: Problem[];
}

/** Tries one engine over a connection of its own, reading only. Never rejects. */
export async function diagnoseDocker(
  connection: DockerConnection,
  options: DockerOptions = {},
): Promise<DockerDiagnosis> {
  const { reading } = connectDocker(connection, options);
  try {
    const { version, api_version, real } = await reading.info();
    await reading.list();
    return { reachable: true, version, api_version, real, problems: [] };
  } catch (error) {
    const deadline_ms = options.deadlines?.read_ms ?? defaultDeadlines.read_ms;
    const problem = await withCertificate(connection, asProblem(error), deadline_ms);
    return { reachable: false, version: null, api_version: null, real: true, problems: [problem] };
  } finally {
    await reading.close();
  }
}

/** Where a certificate is in the way, the one that is shown, so that it can be compared and pinned. */
async function withCertificate(connection: DockerConnection, problem: Problem, deadline_ms: number): Promise<Problem> {
  const { tls } = wayTo(connection, deadline_ms);
  if (tls === undefined || problem.code !== "refused") return problem;
  const shown = await shownCertificate(tls.host, tls.port, deadline_ms);
  return shown === null ? problem : { ...problem, fix: `${problem.fix} It shows ${shown}.` };
}
