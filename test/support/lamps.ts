import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Actions, Proposal, Risk, Step, Unit } from "../../src/confirm/define.ts";
import { StewardError } from "../../src/shared/errors.ts";
import type { JsonObject } from "../../src/shared/json.ts";

/** The smallest home: lamps that show a colour. A change takes the old bulb out, puts a new one in and warms it up. */
export interface Lamps {
  get(name: string): string;
  set(name: string, shows: string): void;
  /** What happened, in order: "does take_out", "undoes take_out" … */
  happened: string[];
  /** Called before an effect; may throw, or never come back. */
  before: (what: string, signal?: AbortSignal) => void | Promise<void>;
}

/** In memory, or in a file that several processes share. */
export function lamps(file?: string): Lamps {
  let shows: Record<string, string> = { hall: "red", attic: "red", cellar: "red" };
  const content = z.record(z.string(), z.string());
  return {
    get: (name) => {
      if (file && existsSync(file)) shows = content.parse(JSON.parse(readFileSync(file, "utf8")));
      return shows[name] ?? "dark";
    },
    set: (name, colour) => {
      shows = { ...shows, [name]: colour };
      if (file) writeFileSync(file, JSON.stringify(shows));
    },
    happened: [],
    before: () => {},
  };
}

const args = z.object({ lamp: z.string(), from: z.string(), to: z.string() });

export const changeLamp: Actions<Lamps, Lamps> = {
  tool: "change_lamp",
  schemaHash: "0".repeat(64),
  steps: {
    take_out: step(
      "take_out",
      () => "empty",
      ({ from }) => from,
    ),
    put_in: step(
      "put_in",
      ({ to }) => `${to}, cold`,
      () => "empty",
    ),
    warm_up: step(
      "warm_up",
      ({ to }) => to,
      ({ to }) => `${to}, cold`,
    ),
  },
  observe: async (unit, home) => ({ shows: home.get(unit.target.name) }),
  async stands({ target, steps }, home) {
    await home.before(`stands ${target.name}`);
    const shows = home.get(target.name);
    const { from, to } = args.parse(steps[0]?.args);
    return { is: shows === to ? "after" : shows === from ? "before" : "neither", why: `It shows ${shows}.` };
  },
};

type Shows = (planned: z.output<typeof args>) => string;

function step(name: string, forth: Shows, back: Shows): Step<Lamps, Lamps> {
  const effect = (way: string, shows: Shows) => async (planned: JsonObject, home: Lamps, signal: AbortSignal) => {
    const read = args.parse(planned);
    await home.before(`${way} ${name}`, signal);
    home.set(read.lamp, shows(read));
    home.happened.push(`${way} ${name}`);
    return { shown: shows(read) };
  };
  return {
    does: (planned, { changes, signal }) => effect("does", forth)(planned, changes, signal),
    undoes: async (planned, _outcome, { changes, signal }) => {
      await effect("undoes", back)(planned, changes, signal);
    },
  };
}

export function lampUnit(lamp: string, to: string, from = "red"): Unit {
  const planned = { lamp, from, to };
  return {
    target: { kind: "lamp", host: "home", name: lamp, identity: { serial: `${lamp}-1` } },
    basis: { shows: from },
    changes: [`bulb: ${from} → ${to}`],
    steps: [
      { step: "take_out", args: planned, does: "Take the old bulb out", undo: "Put the old bulb back" },
      { step: "put_in", args: planned, does: "Put the new bulb in", undo: "Take the new bulb out" },
      { step: "warm_up", args: planned, does: "Warm the new bulb up", undo: "Let the new bulb cool" },
    ],
  };
}

export function lampProposal(names: readonly string[] = ["hall"], to = "blue", risk: Risk = "disruptive"): Proposal {
  return {
    title: `Change ${names.length === 1 ? `lamp ${names[0]}` : `${names.length} lamps`} on home`,
    risk,
    units: names.map((name) =>
      risk === "destructive"
        ? { ...lampUnit(name, to), safeguard: { none: "a bulb holds no data" } }
        : lampUnit(name, to),
    ),
    warnings: ["It is dark for a moment."],
    undo: "The old bulb is put back.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

export const broken = (message = "The ladder broke.") => new StewardError("refused", message, "Get another one.");
