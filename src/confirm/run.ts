import type { Clock } from "../shared/clock.ts";
import { asProblem, StewardError, Untouched } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import { cleanLine } from "../shared/text.ts";
import { canonical } from "./canonical.ts";
import type { Actions, Authorised, PlanStatus, Standing, StepRun, Unit, UnitResult } from "./define.ts";
import type { PlanJournal } from "./journal.ts";

/** What running a unit, or putting it back, needs. */
export interface Runner<C, R> {
  readonly actions: Actions<C, R>;
  readonly authorised: Authorised;
  readonly changes: C;
  readonly systems: R;
  readonly clock: Clock;
  readonly journal: PlanJournal;
  readonly signal: AbortSignal;
  /** Whether a person stopped this, or everything. */
  stopAsked(): boolean;
  say(message: string): void;
  log(message: string, error: unknown): void;
}

type Ending = Pick<UnitResult, "outcome" | "why">;
/** How far a unit came: which steps began, and what those that ended returned. */
export type Begun = readonly { step: number; outcome: JsonObject | undefined }[];

/** A proof may quote what it read, so it is cleaned and cut like everything a person reads. */
const MAX_WHY = 1_000;

// A daemon that restarts in the middle is back within half a minute.
const PATIENCE_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Runs the units in order. After one that did not end well the later ones are not started. */
export async function runUnits<C, R>(runner: Runner<C, R>, units: readonly Unit[]): Promise<UnitResult[]> {
  const results: UnitResult[] = [];
  for (const [place, unit] of units.entries()) {
    const before = results.at(-1);
    const ending =
      before && before.outcome !== "done"
        ? notStarted("An earlier part did not end well.")
        : ((place === 0 ? undefined : await drifted(runner, unit)) ?? (await runUnit(runner, unit, place)));
    note(runner, () => runner.journal.ends(place, ending));
    results.push(resultOf(unit, ending));
  }
  return results;
}

async function runUnit<C, R>(runner: Runner<C, R>, unit: Unit, place: number): Promise<Ending> {
  const begun: { step: number; outcome: JsonObject | undefined }[] = [];
  let why: string;
  try {
    for (const [at, { step, args, does }] of unit.steps.entries()) {
      if (runner.stopAsked()) throw stopped;
      runner.journal.intent(place, at, "does", does);
      const entry: (typeof begun)[number] = { step: at, outcome: undefined };
      begun.push(entry);
      entry.outcome = await stepOf(runner, step).does(args, stepRun(runner, runner.signal));
      runner.journal.outcome(place, at, "does", entry.outcome);
    }
    // A connection that fails in this moment is no reason to take a good change back.
    const standing = await patiently(runner, () => stands(runner, unit));
    if (standing.is === "after") return { outcome: "done", why: standing.why };
    why = `The proof failed: ${standing.why}`;
  } catch (error) {
    why = error === stopped || runner.signal.aborted ? stopped.message : reason(runner, error);
    const last = begun.at(-1);
    if (!last) return notStarted(why);
    const untouched = error instanceof Untouched;
    note(runner, () => runner.journal.failed(place, last.step, "does", why, untouched));
    if (untouched) begun.pop();
    if (begun.length === 0) return notStarted(why);
  }
  return putBack(runner, unit, place, begun, why);
}

/** Undoes what began, last first, and proves by reading that all is as it was. */
export async function putBack<C, R>(
  runner: Runner<C, R>,
  unit: Unit,
  place: number,
  begun: Begun,
  why: string,
): Promise<Ending> {
  runner.say(`Putting ${unit.target.name} back as it was`);
  const stuck: string[] = [];
  for (const { step: at, outcome } of begun.toReversed()) {
    const spec = unit.steps[at];
    if (!spec) continue;
    try {
      note(runner, () => runner.journal.intent(place, at, "undoes", spec.undo));
      await patiently(runner, () => stepOf(runner, spec.step).undoes(spec.args, outcome, stepRun(runner, never)));
      note(runner, () => runner.journal.outcome(place, at, "undoes", {}));
    } catch (error) {
      // The other steps' ways back are still worth going; the reading below says what they came to.
      const problem = reason(runner, error);
      stuck.push(problem);
      note(runner, () => runner.journal.failed(place, at, "undoes", problem));
    }
  }
  const standing = await read(runner, unit);
  if (!standing) return { outcome: "unknown", why: `${why} Where it stands now cannot be read.` };
  if (standing.is === "before") return { outcome: "rolled_back", why: `${why} Now as before: ${standing.why}` };
  return { outcome: "failed", why: [why, ...stuck, `Now: ${standing.why}`].join(" ") };
}

/** Where a unit stands, or null when it cannot be read even with patience. */
export async function read<C, R>(
  runner: Pick<Runner<C, R>, "actions" | "systems" | "clock" | "log">,
  unit: Unit,
): Promise<Standing | null> {
  try {
    return await patiently(runner, () => runner.actions.stands(unit, runner.systems));
  } catch (error) {
    reason(runner, error);
    return null;
  }
}

/** What the results of the units come to. */
export function statusOf(results: readonly UnitResult[]): PlanStatus {
  const is = (outcome: UnitResult["outcome"]) => results.some((result) => result.outcome === outcome);
  if (is("unknown")) return "unknown";
  if (!is("failed") && !is("rolled_back") && !is("not_started")) return "done";
  if (!is("failed") && !is("done") && is("rolled_back")) return "rolled_back";
  return "failed";
}

export const resultOf = ({ target: { kind, host, name } }: Unit, { outcome, why }: Ending): UnitResult => ({
  target: { kind, host, name },
  outcome,
  why: cleanLine(why, MAX_WHY),
});

export const notStarted = (why: string): Ending => ({ outcome: "not_started", why });

const stopped = new StewardError("refused", "A person stopped it.", "Nothing more was begun.");
const never = new AbortController().signal;

const stands = <C, R>(runner: Runner<C, R>, unit: Unit) => runner.actions.stands(unit, runner.systems);

async function drifted<C, R>(runner: Runner<C, R>, unit: Unit): Promise<Ending | undefined> {
  try {
    const now = await runner.actions.observe(unit, runner.systems);
    if (canonical(now) === canonical(unit.basis)) return undefined;
    return notStarted("It has changed since it was planned.");
  } catch (error) {
    return notStarted(reason(runner, error));
  }
}

/** A full disk stops the next step, but not the way back: what can't be noted there is done all the same. */
function note<C, R>(runner: Runner<C, R>, write: () => void): void {
  try {
    write();
  } catch (error) {
    runner.log("The journal cannot be written", error);
  }
}

function stepOf<C, R>({ actions }: Runner<C, R>, name: string) {
  const step = Object.hasOwn(actions.steps, name) ? actions.steps[name] : undefined;
  if (step) return step;
  throw new StewardError("unsupported", "This version has no such step.", "Plan it anew.");
}

const stepRun = <C, R>({ authorised, changes, systems, say }: Runner<C, R>, signal: AbortSignal): StepRun<C, R> => ({
  authorised,
  changes,
  systems,
  signal,
  say,
});

/** Tries again while the system does not answer; any other error stays an error. */
async function patiently<T>({ clock }: { clock: Clock }, work: () => Promise<T>): Promise<T> {
  for (const wait of PATIENCE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StewardError) || (error.code !== "unreachable" && error.code !== "timeout")) throw error;
      await clock.sleep(wait);
    }
  }
  return work();
}

function reason({ log }: Pick<Runner<unknown, unknown>, "log">, error: unknown): string {
  if (!(error instanceof StewardError)) log("A step failed in an unexpected way", error);
  const { message, fix } = asProblem(error);
  return `${message} ${fix}`;
}
