/**
 * Holds our model against other rules, all by one definition: node scripts/disk-prediction-table.ts FILE.ndjson.xz
 * Writes the generated part of docs/disk-prediction.md. With two dates after the file it looks at that window instead
 * and only prints its table: … FILE 2014-02-24 2014-11-21.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { shippedModel } from "../src/analysis/disks/shipped-model.ts";
import { traceBy } from "../src/analysis/disks/trace.ts";
import { alarmsOf } from "./disk-model/build.ts";
import { evaluate, type Rule } from "./disk-model/evaluate.ts";
import { shortOutcome } from "./disk-model/report.ts";
import { rivals } from "./disk-model/rivals.ts";
import { day, readDrives } from "./disk-model/timelines.ts";

const [path, from = "2015-01-01", to = "2015-10-01"] = process.argv.slice(2);
if (!path) throw new Error("Name the file of drive timelines: node scripts/disk-prediction-table.ts FILE.ndjson.xz");

const drives = await readDrives(path);
const window = { from: day(from), to: day(to) };
const trace = traceBy(shippedModel);

const ours =
  (tier: "warn" | "urgent"): Rule =>
  (drive) =>
    alarmsOf(trace(drive.readings).changes, tier);

const outcomeShape = z.object({
  tpr_percent: z.number(),
  fpr_percent: z.number(),
  new_alarms_per_100_drive_years: z.number(),
  lead_days: z.number(),
  failures: z.number(),
});
type Row = z.infer<typeof outcomeShape>;
const both = z.object({ urgent: outcomeShape, warn_or_urgent: outcomeShape });
const bands = z.array(
  z.object({ p30: z.string(), predicted_percent: z.number(), observed_percent: z.number(), failures: z.number() }),
);
const { out_of_fold_2015, by_maker_2015, trained_to_2014_tested_on_2015, risk_30_days } = z
  .object({
    out_of_fold_2015: both,
    by_maker_2015: z.record(z.string(), z.object({ out_of_fold: both, maker_left_out_of_training: both })),
    trained_to_2014_tested_on_2015: z.object({
      with_thresholds_of_2014: both,
      at_fpr_0_5_percent: outcomeShape,
      at_fpr_1_5_percent: outcomeShape,
    }),
    risk_30_days: z.object({ out_of_fold_2015: bands, trained_to_2014_tested_on_2015: bands }),
  })
  .parse(shippedModel.reached);

const cells = (name: string, row: Row): string =>
  `| ${name} | ${row.tpr_percent.toFixed(1)} | ${row.fpr_percent.toFixed(2)} | ` +
  `${row.new_alarms_per_100_drive_years.toFixed(1)} | ${row.lead_days.toFixed(0)} |`;

const head = [
  "| rule | failures announced, % | healthy drives alarmed, % | new alarms per 100 drive-years | median lead, days |",
  "|---|---|---|---|---|",
];
const others = rivals.map(([name, rule]) => [name, shortOutcome(evaluate(drives, rule, window))] as const);
const shipped = (["urgent", "warn"] as const).map((tier) => shortOutcome(evaluate(drives, ours(tier), window)));
const [urgent, warn] = shipped;
if (!urgent || !warn) throw new Error("unreachable");

const shippedRows = [
  cells("Home Steward: *urgent*, as shipped", urgent),
  cells("Home Steward: *warn* or *urgent*, as shipped", warn),
];
const comparison = [
  ...head,
  ...others.map(([name, row]) => cells(name, row)),
  ...(from === "2015-01-01"
    ? [
        cells("**Home Steward: *urgent***, drives it had not seen", out_of_fold_2015.urgent),
        cells("**Home Steward: *warn* or *urgent***, drives it had not seen", out_of_fold_2015.warn_or_urgent),
      ]
    : []),
  ...shippedRows,
];
const anyOfFive = others.at(-1)?.[1];
const counted =
  `${urgent.failures} failures, ${urgent.healthy} healthy drives, ${from} to ${to}. ` +
  `${(100 - (anyOfFive?.tpr_percent ?? 0)).toFixed(1)} % of the failures had none of the five counters above zero.`;

if (process.argv.length > 3) {
  process.stdout.write(`${[...comparison, "", counted].join("\n")}\n`);
} else {
  const early = trained_to_2014_tested_on_2015;
  const text = [
    ...comparison,
    "",
    counted,
    "",
    "Trained on 2014 only, tested on 2015:",
    "",
    ...head,
    cells("*urgent*, threshold of 2014 too", early.with_thresholds_of_2014.urgent),
    cells("*warn* or *urgent*, threshold of 2014 too", early.with_thresholds_of_2014.warn_or_urgent),
    cells("ranking alone, at 0.5 % of healthy drives", early.at_fpr_0_5_percent),
    cells("ranking alone, at 1.5 % of healthy drives", early.at_fpr_1_5_percent),
    "",
    "By maker, 2015: drives not seen in training, and then the whole maker not seen:",
    "",
    ...head,
    ...Object.entries(by_maker_2015).flatMap(([maker, { out_of_fold, maker_left_out_of_training }]) => [
      cells(`${maker}: *urgent*`, out_of_fold.urgent),
      cells(`${maker}: *warn* or *urgent*`, out_of_fold.warn_or_urgent),
      cells(`${maker}, left out: *urgent*`, maker_left_out_of_training.urgent),
      cells(`${maker}, left out: *warn* or *urgent*`, maker_left_out_of_training.warn_or_urgent),
    ]),
    "",
    "30-day risk, predicted and observed, 2015:",
    "",
    "| predicted band | not seen: predicted, % | observed, % | failures | trained on 2014: predicted, % | observed, % | failures |",
    "|---|---|---|---|---|---|---|",
    ...risk_30_days.out_of_fold_2015.map((band) => {
      const other = risk_30_days.trained_to_2014_tested_on_2015.find(({ p30 }) => p30 === band.p30);
      return (
        `| ${band.p30} | ${band.predicted_percent} | ${band.observed_percent} | ${band.failures} | ` +
        `${other?.predicted_percent ?? "–"} | ${other?.observed_percent ?? "–"} | ${other?.failures ?? "–"} |`
      );
    }),
    "",
    "What became of drives that stood in a tier (% failed within so many days, 2014 and 2015):",
    "",
    "| tier | 30 days | 120 days | a year |",
    "|---|---|---|---|",
    ...Object.entries(shippedModel.failed_within_percent).map(
      ([tier, { days_30, days_120, days_365 }]) =>
        `| ${tier} | ${[days_30, days_120, days_365].map(({ low, high }) => `${low}–${high}`).join(" | ")} |`,
    ),
  ].join("\n");
  const page = new URL("../docs/disk-prediction.md", import.meta.url);
  const fences = ["<!-- written by scripts/disk-prediction-table.ts -->", "<!-- end of what it writes -->"] as const;
  const [before, rest] = readFileSync(page, "utf8").split(fences[0]);
  const after = rest?.split(fences[1])[1];
  if (after === undefined) throw new Error("docs/disk-prediction.md has lost the marks of its generated part");
  writeFileSync(page, `${before}${fences[0]}\n\n${text}\n\n${fences[1]}${after}`);
}
