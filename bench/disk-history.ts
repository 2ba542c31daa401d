import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../src/store/open.ts";
import { type Figure, median, several, wallMs } from "./measure.ts";

const disks = Array.from({ length: 24 }, (_, i) => ({ model: "ST4000VN008", serial: `made-up-${i}` }));
const days = 90;
const samplesADay = 48;
const dayMs = 86_400_000;

/** What it costs to look ninety days back at the disks of a big home, sampled every half hour. */
export async function measureDiskHistory(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "steward-bench-"));
  const store = openStore(folder);
  try {
    const now = Date.now();
    store.transaction(() => {
      for (const disk of disks)
        for (let i = 0; i < days * samplesADay; i++)
          store.disks.add(disk, {
            at: now - days * dayMs + (i * dayMs) / samplesADay,
            power_on_hours: 20_000 + Math.floor(i / 2),
            reallocated: 0,
            uncorrectable: 0,
            command_timeouts: null,
            unreadable: 0,
            link_errors: 0,
            wear_percent: null,
            spare_percent: null,
            temperature_c: 30 + (i % 9),
          });
    });
    const query = async () => {
      const found = disks.reduce((sum, disk) => sum + store.disks.days(disk, now - days * dayMs).length, 0);
      if (found < disks.length * days) throw new Error(`${found} days came`);
    };
    await query();
    const took = await several(9, () => wallMs(query));
    return [{ what: "90 days of 24 disks, looked up", value: median(took), unit: "ms", target: 50 }];
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
