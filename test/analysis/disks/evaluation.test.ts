import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { scoreDisks } from "../../../src/analysis/disks/score-disks.ts";
import { shippedModel } from "../../../src/analysis/disks/shipped-model.ts";

const file = fileURLToPath(
  new URL("../../../../shared/contracts/smart/drive-timelines-to-2015.ndjson.xz", import.meta.url),
);
const missing = !existsSync(file)
  ? "drive timelines are not here"
  : spawnSync("xz", ["--version"]).error
    ? "no xz here"
    : null;
const unless = missing === null ? "" : ` (skipped: ${missing})`;

// 2015-01-01 and nine months on, in the file's days.
const [from, to] = [631, 904];
const recorded = z.object({ last_day: z.number(), first_day: z.number(), failed: z.boolean() });
const answer = z.object({ tier: z.array(z.enum(["ok", "watch", "warn", "urgent"])), p30: z.array(z.number()) });

const kinds = { failed: [] as string[][], healthy: [] as string[][] };

/** Every fourth drive that failed in 2015, on its last days; every twentieth that was healthy, on every third day. */
async function* sample(fates: ("failed" | "healthy")[]): AsyncGenerator<string> {
  const xz = spawn("xz", ["--decompress", "--stdout", file], { stdio: ["ignore", "pipe", "inherit"] });
  let number = 0;
  for await (const line of createInterface({ input: xz.stdout })) {
    number += 1;
    if (number % 20 !== 0 && !(number % 4 === 0 && line.slice(0, 200).includes('"failed":true'))) continue;
    const parsed: unknown = JSON.parse(line);
    const { last_day, first_day, failed } = recorded.parse(parsed);
    const ofInterest = failed ? last_day >= from && last_day < to : last_day >= to && first_day < to;
    if (!ofInterest || typeof parsed !== "object") continue;
    const days = failed
      ? Array.from({ length: 60 }, (_, i) => last_day - 30 + i / 2)
      : Array.from({ length: 91 }, (_, i) => from + i * 3);
    fates.push(failed ? "failed" : "healthy");
    yield JSON.stringify({ ...parsed, at: days });
  }
}

test.skipIf(missing !== null)(
  `reaches on recorded drives what it says of itself${unless}`,
  { timeout: 120_000 },
  async () => {
    const fates: ("failed" | "healthy")[] = [];
    const problems: string[] = [];
    for await (const line of scoreDisks(shippedModel, sample(fates), (problem) => problems.push(problem))) {
      const fate = fates.at(-1);
      if (fate) kinds[fate].push(answer.parse(JSON.parse(line)).tier);
    }
    const share = (drives: string[][], ...tiers: string[]): number =>
      (100 * drives.filter((days) => days.some((tier) => tiers.includes(tier))).length) / drives.length;
    expect(problems).toEqual([]);
    expect(kinds.failed.length).toBeGreaterThan(200);
    expect(kinds.healthy.length).toBeGreaterThan(2000);
    expect(share(kinds.failed, "urgent")).toBeGreaterThan(40);
    expect(share(kinds.failed, "urgent", "warn")).toBeGreaterThan(55);
    expect(share(kinds.healthy, "urgent")).toBeLessThan(0.7);
    expect(share(kinds.healthy, "urgent", "warn")).toBeLessThan(2);
  },
);

test("keeps the limits on drives that training had not seen, new alarms among them", () => {
  const outcome = z.object({
    tpr_percent: z.number(),
    fpr_percent: z.number(),
    new_alarms_per_100_drive_years: z.number(),
  });
  const { urgent, warn_or_urgent } = z
    .object({ urgent: outcome, warn_or_urgent: outcome })
    .parse(shippedModel.reached.out_of_fold_2015);
  expect(urgent.tpr_percent).toBeGreaterThanOrEqual(36);
  expect(urgent.fpr_percent).toBeLessThanOrEqual(0.5);
  expect(warn_or_urgent.tpr_percent).toBeGreaterThanOrEqual(52);
  expect(warn_or_urgent.fpr_percent).toBeLessThanOrEqual(1.5);
  expect(warn_or_urgent.new_alarms_per_100_drive_years).toBeLessThanOrEqual(1);
});
