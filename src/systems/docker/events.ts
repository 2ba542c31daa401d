import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Engine } from "./engine.ts";
import type { LifeEvent } from "./port.ts";

const actions = ["start", "die", "kill", "stop", "oom"] as const;
const text = z.string().optional();
const eventShape = z.looseObject({
  Action: z.enum(actions),
  Actor: z.looseObject({ Attributes: z.looseObject({ exitCode: text, signal: text }).nullish() }),
  // Nanoseconds are more than a number here can hold exactly; milliseconds are what is asked of it.
  timeNano: z.number(),
});

/** `GET /events` of one container's past: a JSON line an event. It ends by itself at `until_s`. */
export async function readEvents(
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
