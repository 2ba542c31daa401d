import { scoreDisks } from "../src/analysis/disks/score-disks.ts";
import { shippedModel } from "../src/analysis/disks/shipped-model.ts";
import { type Figure, median, several, wallMs } from "./measure.ts";

const drives = 68_800;
const at = Array.from({ length: 39 }, (_, week) => week * 7);

/** A made-up drive: `points` readings over nine months; every tenth drive's counters move, as on a fleet that ages. */
function line(drive: number, points: number): string {
  const moves = drive % 10 === 0 ? 1 : 0;
  const history = Array.from({ length: points }, (_, i) => ({
    day: (i * 273) / points,
    power_on_hours: 20_000 + i,
    raw: { "5": moves * 8 * i, "187": moves * i, "188": 0, "197": moves * 8 * (i % 3), "198": 0 },
  }));
  return JSON.stringify({ drive: `drive-${drive}`, model: "made up", history, at });
}

async function* lines(count: number, points: number): AsyncGenerator<string> {
  for (let drive = 0; drive < count; drive += 1) yield line(drive, points);
}

async function score(count: number, points: number): Promise<void> {
  for await (const scored of scoreDisks(shippedModel, lines(count, points), () => {})) {
    if (scored === "") throw new Error("a drive was not scored");
  }
}

/** What it costs to judge recorded drives: a fleet of quiet ones, and a single one that changes every day. */
export async function measureDisks(): Promise<Figure[]> {
  await score(500, 50);
  const busiest = await several(9, () => wallMs(() => score(1, 273)));
  return [
    {
      what: `${drives.toLocaleString("en")} drive timelines scored on 39 days each`,
      value: (await wallMs(() => score(drives, 7))) / 1000,
      unit: "s",
      target: 60,
    },
    {
      what: "one drive whose counters change every day for nine months",
      value: median(busiest),
      unit: "ms",
      target: 5,
    },
  ];
}
