import { z } from "zod";
import { readingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { saySilent, silentHosts, silentOf } from "../docker/shapes.ts";
import { describeDisk, readDisks } from "./read-disks.ts";
import { diskShape } from "./shapes.ts";

/** Disks of all hosts, the worst first. */
export const getDisks = readingTool({
  name: "get_disks",
  title: "Get disks",
  description:
    "Disks of all hosts, the worst first: model, serial, slot, pool, temperature, hours, SMART, last self-test, link errors, " +
    "tier (ok to urgent; unknown: nothing is told). Wakes no disk. detail full adds why.",
  toolset: "storage",
  needs: ["smart"],
  input: z.strictObject({
    host: hostName.optional(),
    only_problems: z.boolean().optional(),
    detail: z.enum(["small", "full"]).optional(),
  }),
  output: z.object({ disks: z.array(diskShape), total: z.number(), silent_hosts: silentHosts }),
  async read({ host, only_problems, detail }, context) {
    const answers = await context.systems.smart.each(
      async (smart, name) =>
        (await readDisks(smart, name, context)).map((seen) => ({
          ...describeDisk(name, seen),
          ...(detail === "full" && { evidence: seen.assessment.evidence }),
        })),
      host,
    );
    const disks = answers.flatMap((answer) => (answer.ok ? answer.value : []));
    const shown = only_problems ? disks.filter(({ tier }) => tier !== "ok") : disks;
    return { disks: shown, total: disks.length, silent_hosts: silentOf(answers) };
  },
  say: ({ disks, total, silent_hosts }) =>
    [
      `${total} disks${disks.length < total ? `, ${disks.length} shown` : ""}.`,
      ...saySilent(silent_hosts),
      ...disks.map(({ host, disk, model, tier, state, temperature_c, evidence = [] }) => {
        const warm = temperature_c === null ? "" : `, ${temperature_c} °C`;
        return `- ${disk} on ${host} (${model}): ${tier}${state === "read" ? "" : `, ${state}`}${warm}${evidence.map((line) => `\n  ${line}`).join("")}`;
      }),
    ].join("\n"),
});
