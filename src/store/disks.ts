import type Database from "better-sqlite3";

/** A disk is what it says of itself: slots and kernel names move, and a new serial in an old slot is a new disk. */
export interface DiskKey {
  model: string;
  serial: string;
}

/** What a disk said at one moment (ms since 1970); null for what it did not say. */
export interface DiskSample {
  at: number;
  power_on_hours: number | null;
  reallocated: number | null;
  uncorrectable: number | null;
  command_timeouts: number | null;
  unreadable: number | null;
  link_errors: number | null;
  wear_percent: number | null;
  spare_percent: number | null;
  temperature_c: number | null;
}

/** One day of a disk: its last sample, with the temperature of all of them as mean and highest. */
export interface DiskDay extends DiskSample {
  temperature_max_c: number | null;
}

export interface Disks {
  /**
   * Keeps one row a day and disk: counters say all they have to say once a day, and ten years of 24 disks stay small.
   * A sample older than the day's newest changes nothing but the temperature.
   */
  add(disk: DiskKey, sample: DiskSample): void;
  /** Oldest first, from `since` (ms since 1970) on. */
  days(disk: DiskKey, since: number): DiskDay[];
  /** When the owner accepted what the disk had counted by then, or null. */
  acknowledgedAt(disk: DiskKey): number | null;
  /** null takes it back. */
  acknowledge(disk: DiskKey, at: number | null): void;
}

const dayMs = 86_400_000;
const counters = [
  "power_on_hours",
  "reallocated",
  "uncorrectable",
  "command_timeouts",
  "unreadable",
  "link_errors",
  "wear_percent",
  "spare_percent",
] as const;

export function disksIn(database: Database.Database): Disks {
  const know = database.prepare<[string, string], { id: number }>(
    `INSERT INTO disks (model, serial) VALUES (?, ?)
      ON CONFLICT (serial, model) DO UPDATE SET model = excluded.model RETURNING id`,
  );
  const add = database.prepare<[Record<string, number | null>]>(
    `INSERT INTO disk_days (disk, day, at, ${counters.join(", ")}, temperature_sum_c, temperature_samples, temperature_max_c)
      VALUES (@disk, @day, @at, ${counters.map((name) => `@${name}`).join(", ")},
        coalesce(@temperature_c, 0), @temperature_c IS NOT NULL, @temperature_c)
      ON CONFLICT (disk, day) DO UPDATE SET
        ${counters.map((name) => `${name} = CASE WHEN excluded.at >= at THEN coalesce(excluded.${name}, ${name}) ELSE ${name} END`).join(", ")},
        at = max(at, excluded.at),
        temperature_sum_c = temperature_sum_c + excluded.temperature_sum_c,
        temperature_samples = temperature_samples + excluded.temperature_samples,
        temperature_max_c = max(coalesce(temperature_max_c, excluded.temperature_max_c), coalesce(excluded.temperature_max_c, temperature_max_c))`,
  );
  const days = database.prepare<[string, string, number], DiskDay>(
    `SELECT at, ${counters.join(", ")}, temperature_max_c,
        CAST(round(1.0 * temperature_sum_c / nullif(temperature_samples, 0)) AS INTEGER) AS temperature_c
      FROM disk_days JOIN disks ON disks.id = disk WHERE serial = ? AND model = ? AND at >= ? ORDER BY day`,
  );
  const acknowledged = database.prepare<[string, string], { acknowledged_at: number | null }>(
    "SELECT acknowledged_at FROM disks WHERE serial = ? AND model = ?",
  );
  const acknowledge = database.prepare<[string, string, number | null]>(
    `INSERT INTO disks (model, serial, acknowledged_at) VALUES (?, ?, ?)
      ON CONFLICT (serial, model) DO UPDATE SET acknowledged_at = excluded.acknowledged_at`,
  );
  return {
    add: (disk, sample) =>
      void database
        .transaction(() => {
          const id = know.get(disk.model, disk.serial)?.id ?? null;
          add.run({ ...sample, disk: id, day: Math.floor(sample.at / dayMs) });
        })
        .immediate(),
    days: ({ serial, model }, since) => days.all(serial, model, since),
    acknowledgedAt: ({ serial, model }) => acknowledged.get(serial, model)?.acknowledged_at ?? null,
    acknowledge: ({ serial, model }, at) => void acknowledge.run(model, serial, at),
  };
}
