/**
 * Trains the disk model: node scripts/train-disk-model.ts drive-timelines-to-2015.ndjson.xz
 * Writes src/analysis/disks/model.json. Needs the `xz` program. The same file always gives the same model.
 * What the file holds and where it is from: docs/disk-prediction.md.
 */
import { createHash } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type DiskModel, diskModel, type ScoredFeature } from "../src/analysis/disks/model.ts";
import { aims, build, ranking, reach } from "./disk-model/build.ts";
import { scores } from "./disk-model/fit.ts";
import { livesOf } from "./disk-model/patterns.ts";
import { short, shortOutcome } from "./disk-model/report.ts";
import { day, readDrives } from "./disk-model/timelines.ts";
import { candidates, train, weightsOf } from "./disk-model/train.ts";

const [path] = process.argv.slice(2);
if (!path) throw new Error("Name the file of drive timelines: node scripts/train-disk-model.ts FILE.ndjson.xz");

const say = (text: string) => process.stderr.write(`${text}\n`);
const started = Date.now();
const drives = await readDrives(path);
const lives = livesOf(drives, candidates);
say(`${drives.length} drives, ${lives.patterns.length} patterns of ${lives.bins} bins`);

// 187, 188 and 198 are recorded from 2014-02-14 on: earlier days would teach that they are always absent.
const all = { from: day("2014-02-14"), to: day("2016-01-01") };
const in2014 = { from: day("2014-02-24"), to: day("2014-11-21") };
const in2015 = { from: day("2015-01-01"), to: day("2015-10-01") };

const final = build(drives, lives, all, in2015);
say(`Trained on all; ${Math.round((Date.now() - started) / 1000)} s so far`);
const early = build(drives, lives, { from: all.from, to: day("2015-01-01") }, in2014);
const forward = reach(drives, lives, early.points, early, in2015);
say(`Trained on 2014, tested on 2015; ${Math.round((Date.now() - started) / 1000)} s so far`);

const makers: Record<string, string> = { Seagate: "ST", HGST: "HGST", Hitachi: "Hitachi", WDC: "WDC" };
const byMaker = Object.entries(makers).map(([maker, prefix]) => {
  const ours = drives.map(({ model }) => model.startsWith(prefix));
  const task = { drives, lives, weight: weightsOf(drives), period: all };
  const points = scores(lives.patterns, train({ ...task, keep: (i) => ours[i] === false }));
  // Other drives keep their places, so that lives and drives still match, but count neither as failed nor as healthy.
  const only = drives.map((drive, i) => (ours[i] ? drive : { ...drive, failed: false, last_day: -1 }));
  const seen = short(reach(only, lives, final.foldPoints, final, in2015));
  return [
    maker,
    { out_of_fold: seen, maker_left_out_of_training: short(reach(only, lives, () => points, final, in2015)) },
  ];
});
say(`Left out each maker; ${Math.round((Date.now() - started) / 1000)} s so far`);

const scorecard: ScoredFeature[] = [];
let bin = 0;
for (const { feature, at_least, below } of candidates) {
  const edges = (at_least ?? below ?? []).map((edge) => ({ edge, points: final.weights.bins[bin++] ?? 0 }));
  const used = edges.filter(({ points }) => points > 0);
  if (used.length === 0) continue;
  const list = used.map(({ edge }) => edge);
  scorecard.push({ feature, ...(below ? { below: list } : { at_least: list }), points: used.map((u) => u.points) });
}

const hash = createHash("sha256");
await pipeline(createReadStream(path), hash);

const model: DiskModel = {
  version: 1,
  provenance: {
    script: "scripts/train-disk-model.ts",
    data: "Backblaze Drive Stats 2013-04-10 to 2015-12-31 as change points, by way of boennecd/dynamichazard 3c59640",
    data_sha256: hash.digest("hex"),
    terms: "Backblaze: free to use with citation, not to be sold. Nothing here is about a single drive.",
    drives: drives.length,
    failures: drives.filter(({ failed }) => failed).length,
    trained_on: "2014-02-14 to 2015-12-31",
    method:
      "Logistic regression with weights that are never negative on cumulative bins; each drive by its worst moment; " +
      "thresholds and calibration by 5 folds of drives",
    aims,
  },
  reached: {
    definition: "docs/disk-prediction.md",
    out_of_fold_2015: short(final.outOfFold),
    by_maker_2015: Object.fromEntries(byMaker),
    trained_to_2014_tested_on_2015: {
      with_thresholds_of_2014: short(forward),
      at_fpr_0_5_percent: shortOutcome(ranking(drives, lives, early.points, 0.5, in2015)),
      at_fpr_1_5_percent: shortOutcome(ranking(drives, lives, early.points, 1.5, in2015)),
    },
    risk_30_days: {
      out_of_fold_2015: final.outOfFold.bands.map((band) => ({ ...band })),
      trained_to_2014_tested_on_2015: forward.bands.map((band) => ({ ...band })),
    },
  },
  tiers: final.tiers,
  calibration: final.calibration,
  failed_within_percent: final.survival,
  scorecard,
};

const file = new URL("../src/analysis/disks/model.json", import.meta.url);
// One feature a line is easier to read, and to compare, than one number a line.
const lines = JSON.stringify(diskModel.parse(model), null, 2).replace(
  /\[\s+([^[\]{}]+?)\s+\]/g,
  (_, list: string) => `[${list.replace(/\s+/g, " ")}]`,
);
writeFileSync(file, `${lines}\n`);
say(`Wrote model.json: ${scorecard.flatMap(({ points }) => points).length} bins`);
process.stdout.write(`${JSON.stringify(model.reached, null, 2)}\n`);
