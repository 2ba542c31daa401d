import { z } from "zod";
import { details } from "../../analysis/containers/details.ts";
import { eachLimited } from "../../shared/concurrency.ts";
import { cleanLine, counted, fence } from "../../shared/text.ts";
import type { Docker } from "../../systems/docker/port.ts";
import { readingTool } from "../define.ts";
import { containerShape } from "./container-shapes.ts";
import { containerName, hostName } from "./inputs.ts";
import { pageOf } from "./page.ts";
import { networkOwnerName, readContainers } from "./read-containers.ts";
import { readFacts } from "./read-facts.ts";
import { readLog } from "./read-log.ts";
import { saySilent, silentHosts, silentOf } from "./shapes.ts";

/** Containers of all hosts, those with problems first. */
export const listContainers = readingTool({
  name: "list_containers",
  title: "List containers",
  description:
    "Containers of all hosts, those with problems first: state, health, restarts and why, image, who manages them. " +
    "detail full adds digest, ports, mounts, user, limits, project, last log lines of those in trouble.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    host: hostName.optional(),
    container: containerName.optional(),
    only_problems: z.boolean().optional(),
    detail: z.enum(["small", "full"]).optional(),
    limit: z.int().min(1).max(200).optional(),
    cursor: z.string().max(20).optional(),
  }),
  output: z.object({
    containers: z.array(containerShape),
    total: z.number(),
    next_cursor: z.string().optional(),
    silent_hosts: silentHosts,
  }),
  async read(input, context) {
    const { systems, signal } = context;
    const full = input.detail === "full";
    const answers = await systems.docker.each(async (docker, host) => {
      const containers = await readContainers(docker, { container: input.container, signal });
      return (await readFacts(host, containers, context)).map((seen) => ({ host, docker, ...seen }));
    }, input.host);
    const found = answers.flatMap((answer) => (answer.ok ? answer.value : []));
    const wanted = found.filter(({ facts }) => !input.only_problems || facts.problems.length > 0);
    const { shown, ...page } = pageOf(wanted, input.limit ?? (full ? 20 : 50), input.cursor);
    const containers = await eachLimited(shown, 8, async ({ host, docker, container, facts }) => {
      if (!full) return { host, ...facts };
      const image = await docker.image(container.Image, signal).catch(() => undefined);
      const owner = await networkOwnerName(docker, container, signal);
      const troubled = facts.problems.some(({ severity }) => severity === "critical");
      return {
        host,
        ...facts,
        details: details(container, image, owner),
        ...(troubled && { outside_last_lines: await lastLines(docker, container.Id, signal) }),
      };
    });
    return { containers, ...page, silent_hosts: silentOf(answers) };
  },
  say: ({ containers, total, next_cursor, silent_hosts }) =>
    [
      `${counted(total, "container")}${next_cursor === undefined ? "" : `, ${containers.length} shown (cursor ${next_cursor} gives more)`}.`,
      ...saySilent(silent_hosts),
      ...containers.map(({ host, name, state, health, problems, outside_last_lines }) => {
        const trouble = problems.map(({ what, evidence }) => `${what} (${evidence})`).join("; ");
        const said = outside_last_lines?.length ? `\n${fence("Its last lines", outside_last_lines.join("\n"))}` : "";
        return `- ${name} on ${host}: ${state}${health ? `, ${health}` : ""}${trouble ? `: ${trouble}` : ""}${said}`;
      }),
    ].join("\n"),
});

/** Enough to tell why; get_container_logs has the rest. */
const shownLines = 5;

/** None where its log can't be read: that must not take the answer with it. */
async function lastLines(docker: Docker, container: string, signal: AbortSignal): Promise<string[]> {
  const lines = await readLog(docker, container, { tail: shownLines }, signal).catch(() => []);
  return lines.map(({ text }) => cleanLine(text, 300));
}
