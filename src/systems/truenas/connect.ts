import { type Clock, systemClock } from "../../shared/clock.ts";
import { changing } from "./changing.ts";
import { runJob } from "./jobs.ts";
import { type Deadlines, openLink } from "./link.ts";
import type { TrueNas, TrueNasChanges, TrueNasConnection } from "./port.ts";
import { reading } from "./reading.ts";

export interface TrueNasOptions {
  deadlines?: Partial<Deadlines>;
  clock?: Clock;
  /** 0–1, for the jitter between two tries to connect. */
  random?: () => number;
}

export const defaultDeadlines: Deadlines = { connect_ms: 10_000, read_ms: 30_000, change_ms: 60_000 };

/**
 * One TrueNAS, both ways: hand `changing` to the gate only. Connects at the first call and again after a loss; never
 * throws here, so that a server starts with every TrueNAS down.
 */
export function connectTrueNas(
  connection: TrueNasConnection,
  options: TrueNasOptions = {},
): { reading: TrueNas; changing: TrueNasChanges } {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const { clock = systemClock, random = Math.random } = options;
  const link = openLink(connection, { clock, random, deadlines });
  return {
    reading: reading(link, deadlines),
    changing: changing(link, deadlines, (job) => runJob(link, { ...job, clock, deadlines })),
  };
}
