import { z } from "zod";
import { orderAdvice } from "../../analysis/disks/order.ts";
import { readingTool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { describeDisk, readDisks } from "./read-disks.ts";
import { diskName, verdictShape } from "./shapes.ts";

/** What to expect of one disk, with the evidence; never a number of days left. */
export const predictDiskFailure = readingTool({
  name: "predict_disk_failure",
  title: "Predict a disk's failure",
  description:
    "Judges one disk by its counters and their history: tier, risk within 30 and 120 days, evidence, what would change " +
    "the verdict, which disk to order. 25 to 45 % of failures give no sign.",
  toolset: "storage",
  needs: ["smart"],
  input: z.strictObject({ disk: diskName, host: hostName.optional() }),
  output: verdictShape,
  async read({ disk, host }, context) {
    const { host: named, system } = context.systems.smart.one(host);
    const [seen] = await readDisks(system, named, context, disk);
    if (seen === undefined) throw new Error("readDisks answers with at least one disk");
    const { assessment, history, baseline, facts } = seen;
    const { disk: name, model, serial, size_bytes } = describeDisk(named, seen);
    const { risk, ...verdict } = assessment;
    return {
      host: named,
      disk: name,
      model,
      serial,
      ...verdict,
      failure_risk: risk,
      history_days: Math.floor((seen.reading.at - (history[0]?.at ?? seen.reading.at)) / 86_400_000),
      acknowledged_at: baseline && new Date(baseline.at).toISOString(),
      order: orderAdvice(assessment.tier, size_bytes, facts?.media ?? "unknown"),
    };
  },
  say: ({ disk, host, model, tier, failure_risk: risk, evidence, survival, would_change, confidence, order }) =>
    [
      `${disk} on ${host} (${model}): ${tier}, confidence ${confidence}.`,
      ...(risk ? [`Risk within 30 days ${risk.days_30.low_percent}–${risk.days_30.high_percent} %.`] : []),
      ...evidence.map((line) => `- ${line}`),
      ...survival,
      ...would_change,
      ...(order ? [order.advice] : []),
    ].join("\n"),
});
