import type Database from "better-sqlite3";

/** What a container used at one moment (ms since 1970). `run` names the run of it that the processor time is of. */
export interface UseRow {
  host: string;
  container: string;
  run: string;
  at: number;
  cpu_ns: number;
  memory_bytes: number;
}

/** The highest since a time, and the first sample that speaks of it. */
interface UsePeak {
  memory_bytes: number;
  /** Between two samples; null before there are two. */
  cpus: number | null;
  first_at: number;
}

/** One row a day and container, kept for as many days as it is worth looking back. */
export interface Use {
  add(row: UseRow): void;
  peak(host: string, container: string, since: number): UsePeak | null;
}

const dayMs = 86_400_000;
const keptDays = 30;

export function useIn(database: Database.Database): Use {
  const last = database.prepare<[string, string], { run: string; at: number; cpu_ns: number }>(
    "SELECT run, at, cpu_ns FROM container_use WHERE host = ? AND container = ? ORDER BY day DESC LIMIT 1",
  );
  const add = database.prepare<[UseRow & { day: number; cpus: number | null }]>(
    `INSERT INTO container_use (host, container, day, run, first_at, at, cpu_ns, cpus_peak, memory_peak_bytes)
      VALUES (@host, @container, @day, @run, @at, @at, @cpu_ns, @cpus, @memory_bytes)
      ON CONFLICT (host, container, day) DO UPDATE SET
        run = excluded.run, at = excluded.at, cpu_ns = excluded.cpu_ns,
        cpus_peak = max(coalesce(cpus_peak, excluded.cpus_peak), coalesce(excluded.cpus_peak, cpus_peak)),
        memory_peak_bytes = max(memory_peak_bytes, excluded.memory_peak_bytes)`,
  );
  const forget = database.prepare<[number]>("DELETE FROM container_use WHERE day < ?");
  const peak = database.prepare<[string, string, number], { [K in keyof UsePeak]: UsePeak[K] | null }>(
    `SELECT max(memory_peak_bytes) AS memory_bytes, max(cpus_peak) AS cpus, min(first_at) AS first_at
      FROM container_use WHERE host = ? AND container = ? AND at >= ?`,
  );
  return {
    add: (row) =>
      void database
        .transaction(() => {
          const day = Math.floor(row.at / dayMs);
          const before = last.get(row.host, row.container);
          const elapsed_ms = before?.run === row.run ? row.at - before.at : 0;
          const cpus = before && elapsed_ms > 0 ? (row.cpu_ns - before.cpu_ns) / (elapsed_ms * 1e6) : null;
          add.run({ ...row, day, cpus });
          forget.run(day - keptDays);
        })
        .immediate(),
    peak(host, container, since) {
      const { memory_bytes = null, cpus = null, first_at = null } = peak.get(host, container, since) ?? {};
      return memory_bytes === null || first_at === null ? null : { memory_bytes, cpus, first_at };
    },
  };
}
