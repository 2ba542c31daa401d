import { openStore } from "../store/open.ts";
import type { Disk } from "./truenas/model.ts";
import { hoursOn, smartOf } from "./truenas/smart.ts";

const days = 120;
const day_ms = 86_400_000;
/** For how long what is ill has been getting worse. */
const worse_for_days = 35;

/** Gives a demo home the past that its disks would have: months of quiet, and the weeks in which one began to fail. */
export function rememberDisks(folder: string, disks: readonly Disk[], now: number): void {
  const store = openStore(folder);
  store.transaction(() => {
    for (const disk of disks.filter(({ name }) => name.startsWith("sd"))) {
      const { raw, temperature_c } = smartOf(disk);
      for (let ago = days; ago > 0; ago -= 1) {
        const so_far = Math.max(0, 1 - ago / worse_for_days);
        const count = (attribute: number): number => Math.floor((raw[attribute] ?? 0) * so_far);
        store.disks.add(disk, {
          at: now - ago * day_ms,
          power_on_hours: hoursOn - ago * 24,
          reallocated: count(5),
          uncorrectable: count(187),
          command_timeouts: 0,
          unreadable: count(197),
          link_errors: count(199),
          wear_percent: null,
          spare_percent: null,
          temperature_c: temperature_c - (ago % 3),
        });
      }
    }
  });
  store.close();
}
