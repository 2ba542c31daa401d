import { asProblem, type Problem } from "../../shared/errors.ts";
import { shownCertificate } from "../pins.ts";
import { portainerClient } from "./client.ts";
import { type PortainerConnection, portainerDoor } from "./door.ts";
import { stacksOf } from "./stacks.ts";

const deadline_ms = 15_000;

/** What `home-steward doctor` says of one Portainer: how many stacks it shows to this key, or what is in the way. Never rejects. */
export async function diagnosePortainer(
  connection: PortainerConnection,
): Promise<{ stacks: number; problem: null } | { stacks: null; problem: Problem }> {
  const client = portainerClient(connection, { read_ms: deadline_ms, change_ms: deadline_ms });
  try {
    return { stacks: (await stacksOf(client)).length, problem: null };
  } catch (error) {
    return { stacks: null, problem: await withCertificate(connection, asProblem(error)) };
  } finally {
    client.close();
  }
}

/** Where a certificate is in the way, the one that is shown, so that it can be compared and pinned. */
async function withCertificate(connection: PortainerConnection, problem: Problem): Promise<Problem> {
  const { at, secure, agent } = portainerDoor(connection, 1);
  agent.destroy();
  if (!secure || problem.code !== "refused" || !/certificate/.test(problem.message)) return problem;
  const shown = await shownCertificate(at.host, at.port, deadline_ms);
  return shown === null ? problem : { ...problem, fix: `${problem.fix} It shows ${shown}.` };
}
