import { z } from "zod";
import { rank } from "../../analysis/overview/rank.ts";
import { silentFinding } from "../../analysis/overview/silent.ts";
import type { Gate } from "../../confirm/define.ts";
import { counted } from "../../shared/text.ts";
import { readingTool } from "../define.ts";
import { severity } from "../docker/shapes.ts";
import type { Area } from "./area.ts";
import { disksArea } from "./disks-area.ts";
import { dockerArea } from "./docker-area.ts";
import { storageArea } from "./storage-area.ts";

const areas: readonly Area[] = [dockerArea, storageArea, disksArea];

/** Everything at a glance: what is wrong, worst first, and what there is. */
export const getOverview = readingTool({
  name: "get_overview",
  title: "Overview of the home",
  description:
    "Everything at a glance: problems of all hosts, worst first, each with its evidence and the next step; counts; hosts " +
    "that do not answer; plans waiting for approval. Start here.",
  toolset: "core",
  needs: [],
  input: z.strictObject({ limit: z.int().min(1).max(100).optional().describe("Problems, 15 if left out") }),
  output: z.object({
    problems: z.array(
      z.object({
        severity,
        area: z.string(),
        host: z.string(),
        subject: z.string(),
        what: z.string(),
        evidence: z.string(),
        next: z.string(),
        since: z.string().optional(),
      }),
    ),
    left_out: z.number(),
    counts: z.array(z.object({ area: z.string(), host: z.string(), counts: z.record(z.string(), z.number()) })),
    plans_waiting: z.number().nullable(),
  }),
  async read({ limit = 15 }, context) {
    const looked = await Promise.all(
      areas.map(async ({ name, look }) => ({ area: name, answers: await look(context) })),
    );
    const answers = looked.flatMap(({ area, answers }) => answers.map((answer) => ({ area, answer })));
    const problems = rank(
      answers.flatMap(({ area, answer }) =>
        answer.ok ? answer.value.findings : [silentFinding(area, answer.host, answer.problem)],
      ),
    );
    return {
      problems: problems.slice(0, limit),
      left_out: Math.max(0, problems.length - limit),
      counts: answers.flatMap(({ area, answer }) =>
        answer.ok ? [{ area, host: answer.host, counts: { ...answer.value.counts } }] : [],
      ),
      plans_waiting: waiting(context.gate),
    };
  },
  say: ({ problems, left_out, counts, plans_waiting }) =>
    [
      problems.length === 0 ? "No problems found." : `${counted(problems.length + left_out, "problem")}, worst first:`,
      ...problems.map(
        (p) => `- ${p.severity}: ${whose(p)}: ${p.what}. ${p.evidence.replace(/\.$/, "")}. Next: ${p.next}`,
      ),
      ...(left_out > 0 ? [`${left_out} more: raise limit.`] : []),
      ...counts.map(
        ({ area, host, counts: of }) =>
          `${host}, ${area}: ${Object.entries(of)
            .map(([what, n]) => `${n} ${what}`)
            .join(", ")}.`,
      ),
      ...(plans_waiting ? [`${plans_waiting} plans wait for approval (get_plan).`] : []),
    ].join("\n"),
});

/** Null when the gate can't read its store: nothing can be changed then, but everything can still be looked at. */
function waiting(gate: Gate): number | null {
  try {
    return gate.pending().length;
  } catch {
    return null;
  }
}

/** A host's own problem is not one "on" it. */
const whose = ({ subject, host }: { subject: string; host: string }) =>
  subject === host ? host : `${subject} on ${host}`;
