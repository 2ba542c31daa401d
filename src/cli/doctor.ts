import type { HostConfig } from "../config/schema.ts";
import { dockerConnection, portainerConnection, shellConnection, trueNasConnection } from "../connections.ts";
import { asProblem } from "../shared/errors.ts";
import { counted } from "../shared/text.ts";
import type { TrueNas } from "../systems/truenas/index.ts";
import type { Command } from "./command.ts";
import { examineHouse } from "./examine-house.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Home, openHome } from "./home.ts";
import { readOptions } from "./wrong-use.ts";

/** One line of the doctor: in order, worth knowing, or wrong. */
export interface Finding {
  is: "ok" | "note" | "problem";
  what: string;
  says: string;
  fix?: string;
}

/** Tries everything that is configured. Fails when something is wrong; a note is no failure. */
export const doctor: Command = async (args, surroundings) => {
  const { config } = readOptions(args, { config: { type: "string" } });
  const home = await openHome(config, surroundings);
  const findings = [...(await examineHouse(home, surroundings)), ...(await examineSystems(home))];
  surroundings.stdout.write(`${findings.map(say).join("\n")}\n`);
  const healthy = findings.every(({ is }) => is !== "problem");
  return healthy ? exitCodes.done.code : exitCodes.failed.code;
};

const marks = { ok: "ok      ", note: "note    ", problem: "PROBLEM " } as const;
const say = ({ is, what, says, fix }: Finding) => `${marks[is]}${what}: ${says}${fix ? `\n        ${fix}` : ""}`;

async function examineSystems({ config }: Home): Promise<Finding[]> {
  const found = await Promise.all(config.hosts.map(examineHost));
  return found.flat();
}

async function examineHost(host: HostConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (host.docker) findings.push(await examineDocker(host));
  if (host.shell) findings.push(...(await examineShell(host)));
  if (host.truenas || host.midclt) findings.push(await examineTrueNas(host));
  if (host.portainer) findings.push(await examinePortainer(host));
  if (host.compose) findings.push(await examineCompose(host));
  if (findings.length > 0) return findings;
  return [
    { is: "note", what: host.name, says: "no system is configured on it.", fix: "Add docker, shell or truenas to it." },
  ];
}

async function examineDocker(host: HostConfig): Promise<Finding> {
  const what = `Docker on ${host.name}`;
  try {
    const { diagnoseDocker } = await import("../systems/docker/index.ts");
    const { version, api_version, real, problems } = await diagnoseDocker(dockerConnection(host));
    const [problem] = problems;
    if (problem) return { is: "problem", what, says: problem.message, fix: problem.fix };
    return { is: "ok", what, says: `${version} (API ${api_version})${real ? "" : ", simulated"}` };
  } catch (error) {
    const { message, fix } = asProblem(error);
    return { is: "problem", what, says: message, fix };
  }
}

async function examineShell(host: HostConfig): Promise<Finding[]> {
  const what = `Shell on ${host.name}`;
  try {
    const { diagnoseShell } = await import("../systems/shell/index.ts");
    const { reachable, works, missing, problems } = await diagnoseShell(shellConnection(host));
    const list = (programs: string[]) => programs.join(", ");
    return [
      ...(works.length > 0 ? [{ is: "ok" as const, what, says: `${list(works)} can be run.` }] : []),
      ...(missing.length > 0 ? [{ is: "note" as const, what, says: `not installed: ${list(missing)}.` }] : []),
      // Without root most can be read still.
      ...problems.map(({ message, fix }) => ({
        is: reachable ? ("note" as const) : ("problem" as const),
        what,
        says: message,
        fix,
      })),
    ];
  } catch (error) {
    const { message, fix } = asProblem(error);
    return [{ is: "problem", what, says: message, fix }];
  }
}

async function examineTrueNas(host: HostConfig): Promise<Finding> {
  const what = `TrueNAS on ${host.name}`;
  try {
    const { diagnoseTrueNas, diagnosisOf } = await import("../systems/truenas/index.ts");
    const { version, problems } = host.truenas
      ? await diagnoseTrueNas(trueNasConnection(host))
      : await throughMidclt(host, diagnosisOf);
    const [problem] = problems;
    if (problem) return { is: "problem", what, says: problem.message, fix: problem.fix };
    return { is: "ok", what, says: `${version}${host.truenas ? "" : " through midclt"}` };
  } catch (error) {
    const { message, fix } = asProblem(error);
    return { is: "problem", what, says: message, fix };
  }
}

async function examinePortainer(host: HostConfig): Promise<Finding> {
  const what = `Portainer on ${host.name}`;
  try {
    const { diagnosePortainer } = await import("../systems/portainer/index.ts");
    const { stacks, problem } = await diagnosePortainer(portainerConnection(host));
    if (problem) return { is: "problem", what, says: problem.message, fix: problem.fix };
    return { is: "ok", what, says: `shows ${counted(stacks, "stack")} to this key` };
  } catch (error) {
    const { message, fix } = asProblem(error);
    return { is: "problem", what, says: message, fix };
  }
}

async function examineCompose(host: HostConfig): Promise<Finding> {
  const what = `Compose on ${host.name}`;
  const [{ composeVersion }, { connectShell }] = await Promise.all([
    import("../systems/managers/index.ts"),
    import("../systems/shell/index.ts"),
  ]);
  try {
    const shells = connectShell(shellConnection(host));
    return { is: "ok", what, says: await composeVersion(shells).finally(() => shells.close()) };
  } catch (error) {
    const { message, fix } = asProblem(error);
    return { is: "problem", what, says: message, fix };
  }
}

async function throughMidclt<T>(host: HostConfig, ask: (reading: TrueNas) => Promise<T>): Promise<T> {
  const [{ connectMidclt, midcltThrough }, { connectShell }] = await Promise.all([
    import("../systems/truenas/index.ts"),
    import("../systems/shell/index.ts"),
  ]);
  const shells = connectShell(shellConnection(host));
  try {
    return await ask(connectMidclt(midcltThrough(shells)).reading);
  } finally {
    await shells.close();
  }
}
