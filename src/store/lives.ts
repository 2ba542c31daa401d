import type Database from "better-sqlite3";
import { z } from "zod";
import { inDatabase } from "./database.ts";

const events = z.array(
  z.object({
    action: z.enum(["start", "die", "kill", "stop", "oom"]),
    at_ms: z.number(),
    exit_code: z.number().nullable(),
    signal: z.number().nullable(),
  }),
);

type Events = Readonly<z.infer<typeof events>>;

/** The last life of each container that ended, as its engine told it while it knew; by its id, which no other ever has. */
export interface Lives {
  /** `ended_at` as the engine says it. Errors, here and below: refused (the database can't be used). */
  of(container: string, ended_at: string): Events | null;
  /** One a container: a later one takes its place. What was kept a month before `now_ms` is forgotten. */
  keep(container: string, ended_at: string, events: Events, now_ms: number): void;
}

const keptMs = 30 * 86_400_000;

export function livesIn(database: Database.Database): Lives {
  const of = database.prepare<[string, string], { events: string }>(
    "SELECT events FROM container_lives WHERE container = ? AND ended_at = ?",
  );
  const keep = database.prepare<[string, string, string, number]>(
    "INSERT OR REPLACE INTO container_lives (container, ended_at, events, kept_at) VALUES (?, ?, ?, ?)",
  );
  const forget = database.prepare<[number]>("DELETE FROM container_lives WHERE kept_at < ?");
  return {
    of(container, ended_at) {
      const row = inDatabase(() => of.get(container, ended_at));
      return row === undefined ? null : events.parse(JSON.parse(row.events));
    },
    keep(container, ended_at, life, now_ms) {
      const both = database.transaction(() => {
        keep.run(container, ended_at, JSON.stringify(life), now_ms);
        forget.run(now_ms - keptMs);
      });
      inDatabase(() => both.immediate());
    },
  };
}
