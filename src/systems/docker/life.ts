import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Engine } from "./engine.ts";
import type { LifeEvent, LifeMemory } from "./port.ts";
import type { ContainerInspected } from "./shapes.ts";

const actions = ["start", "die", "kill", "stop", "oom"] as const;
const text = z.string().optional();
const eventShape = z.looseObject({
  Action: z.enum(actions),
  Actor: z.looseObject({ Attributes: z.looseObject({ exitCode: text, signal: text }).nullish() }),
  // Nanoseconds are more than a number here can hold exactly; milliseconds are what is asked of it.
  timeNano: z.number(),
});

/**
 * The last life of a container that ended. Whoever asks in time has it kept for those who ask later: an engine of many
 * healthchecks forgets within a minute or two.
 */
export async function lifeOf(
  engine: Engine,
  { Id, State: { StartedAt, FinishedAt } }: ContainerInspected,
  memory: LifeMemory,
  signal: AbortSignal | undefined,
): Promise<readonly LifeEvent[]> {
  const kept = orNull(() => memory.of(Id, FinishedAt));
  if (kept) return kept;
  // "stop" follows the end of one that was stopped.
  const until_s = Math.ceil(Date.parse(FinishedAt) / 1000) + 2;
  const since_s = Math.floor(Date.parse(StartedAt) / 1000);
  const events = await readEvents(engine, { id: Id, since_s, until_s }, signal).catch(() => []);
  if (events.some(({ action }) => action === "die")) orNull(() => memory.keep(Id, FinishedAt, events));
  return events;
}

/** A memory that can't be used costs nobody the answer. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof StewardError) return null;
    throw error;
  }
}

/** For as long as the process lives. */
export function shortMemory(): LifeMemory {
  const lives = new Map<string, { ended_at: string; events: readonly LifeEvent[] }>();
  return {
    of(container, ended_at) {
      const life = lives.get(container);
      return life?.ended_at === ended_at ? life.events : null;
    },
    keep: (container, ended_at, events) => void lives.set(container, { ended_at, events }),
  };
}

/** `GET /events` of one container's past: a JSON line an event. It ends by itself at `until_s`. */
async function readEvents(
  engine: Engine,
  { id, since_s, until_s }: { id: string; since_s: number; until_s: number },
  signal: AbortSignal | undefined,
): Promise<LifeEvent[]> {
  const chunks: Buffer[] = [];
  const filters = JSON.stringify({ type: ["container"], container: [id], event: [...actions] });
  const query = { since: since_s, until: until_s, filters };
  await engine.stream({ path: "/events", query, signal, deadline_ms: engine.deadlines.read_ms }, (chunk) => {
    chunks.push(chunk);
  });
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map(eventFrom);
}

function eventFrom(line: string): LifeEvent {
  try {
    const { Action, Actor, timeNano } = eventShape.parse(JSON.parse(line));
    const { exitCode, signal } = Actor.Attributes ?? {};
    return { action: Action, at_ms: Math.floor(timeNano / 1e6), exit_code: whole(exitCode), signal: whole(signal) };
  } catch (cause) {
    const fix = "Update Docker on that machine, or Home Steward.";
    throw new StewardError("wrong_answer", "The engine tells its events in a way that is not known here.", fix, {
      cause,
    });
  }
}

const whole = (said: string | undefined): number | null => (said && /^\d+$/.test(said) ? Number(said) : null);
