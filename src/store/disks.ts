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
interface DiskDay extends DiskSample {
  temperature_max_c: number | null;
}

/** What a disk had counted when its owner accepted that. */
type DiskBaseline = Pick<
  DiskSample,
  "at" | "reallocated" | "uncorrectable" | "command_timeouts" | "unreadable" | "link_errors"
>;

export interface Disks {
  /**
   * Keeps one row a day and disk: counters say all they have to say once a day, and ten years of 24 disks stay small.
   * A sample older than the day's newest changes nothing but the temperature.
   */
  add(disk: DiskKey, sample: DiskSample): void;
  /** Oldest first, from `since` (ms since 1970) on. */
  days(disk: DiskKey, since: number): DiskDay[];
  baseline(disk: DiskKey): DiskBaseline | null;
  /** null takes it back. */
  setBaseline(disk: DiskKey, baseline: DiskBaseline | null): void;
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

const accepted = ["reallocated", "uncorrectable", "command_timeouts", "unreadable", "link_errors"] as const;

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
  const baseline = database.prepare<[string, string], DiskBaseline>(
    `SELECT at, ${accepted.join(", ")} FROM disk_baselines JOIN disks ON disks.id = disk WHERE serial = ? AND model = ?`,
  );
  const setBaseline = database.prepare<[Record<string, number | null>]>(
    `INSERT OR REPLACE INTO disk_baselines (disk, at, ${accepted.join(", ")})
      VALUES (@disk, @at, ${accepted.map((name) => `@${name}`).join(", ")})`,
  );
  const dropBaseline = database.prepare<[number]>("DELETE FROM disk_baselines WHERE disk = ?");
  const idOf = ({ model, serial }: DiskKey): number => {
    const row = know.get(model, serial);
    if (row === undefined) throw new Error("SQLite returned no row for RETURNING");
    return row.id;
  };
  return {
    add: (disk, sample) =>
      void database
        .transaction(() => add.run({ ...sample, disk: idOf(disk), day: Math.floor(sample.at / dayMs) }))
        .immediate(),
    days: ({ serial, model }, since) => days.all(serial, model, since),
    baseline: ({ serial, model }) => baseline.get(serial, model) ?? null,
    setBaseline: (disk, accept) =>
      void database
        .transaction(() => {
          const id = idOf(disk);
          if (accept === null) dropBaseline.run(id);
          else setBaseline.run({ ...accept, disk: id });
        })
        .immediate(),
  };
}
