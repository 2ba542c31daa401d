import { asProblem, type Problem } from "../../shared/errors.ts";
import { shownCertificate } from "../pins.ts";
import { connectTrueNas, defaultDeadlines, type TrueNasOptions } from "./connect.ts";
import { targetOf } from "./dial.ts";
import type { TrueNas, TrueNasConnection } from "./port.ts";

/** What `home-steward doctor` says of one TrueNAS. */
interface TrueNasDiagnosis {
  reachable: boolean;
  /** e.g. "25.10.1" */
  version: string | null;
  /** What is missing, and how to mend it. */
  problems: Problem[];
}

/** Tries one TrueNAS over a connection of its own, reading only. Never rejects. */
export async function diagnoseTrueNas(
  connection: TrueNasConnection,
  options: TrueNasOptions = {},
): Promise<TrueNasDiagnosis> {
  const { reading } = connectTrueNas(connection, options);
  const found = await diagnosisOf(reading);
  const deadline_ms = options.deadlines?.connect_ms ?? defaultDeadlines.connect_ms;
  const problems = found.problems.map((problem) => withCertificate(connection, problem, deadline_ms));
  return { ...found, problems: await Promise.all(problems) };
}

/** The same through any way to it, which is closed then. */
export async function diagnosisOf(reading: TrueNas): Promise<TrueNasDiagnosis> {
  try {
    const { version } = await reading.features();
    await reading.call("pool.query", []);
    return { reachable: true, version, problems: [] };
  } catch (error) {
    return { reachable: false, version: null, problems: [asProblem(error)] };
  } finally {
    await reading.close();
  }
}

/** Where the certificate is in the way, the one that is shown, so that it can be compared and pinned. */
async function withCertificate(connection: TrueNasConnection, problem: Problem, deadline_ms: number): Promise<Problem> {
  if (problem.code !== "refused" || !problem.message.includes("certificate")) return problem;
  const { host, port } = targetOf(connection);
  const shown = await shownCertificate(host, port, deadline_ms);
  return shown === null ? problem : { ...problem, fix: `${problem.fix} It shows ${shown}.` };
}
