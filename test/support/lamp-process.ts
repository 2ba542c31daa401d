import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createGate } from "../../src/confirm/gate.ts";
import { guardUntilOrphaned } from "../../src/confirm/guardian.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { asProblem } from "../../src/shared/errors.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { lampGate } from "./gate.ts";
import { broken, type Lamps, lampProposal, lamps } from "./lamps.ts";

/**
 * A process that applies, recovers or guards: node lamp-process.ts FOLDER WHAT …
 *   apply PLAN TOKEN TIMES        waits for a line on stdin, then applies TIMES at once; prints a line for each
 *   crash PLAN TOKEN POINT FAIL   kills itself at the POINTth moment (0: never, prints how many there were)
 *   recover POINT                 the same while it recovers
 *   guard                         until its stdin ends
 *   use GRANT LAMPS               waits for a line on stdin, then uses the grant on each of the LAMPS (hall,attic …) at once
 *   use-crash GRANT POINT FAIL    kills itself at the POINTth moment of one use on the hall's lamp
 */
const [folder = "", what = "", ...rest] = process.argv.slice(2);
const real = openStore(folder);
const world = lamps(join(folder, "lamps.json"));
const log = (line: string) => appendFileSync(join(folder, "happened.log"), `${line}\n`);
let points = 0;

/** A moment at which this process may end: SIGKILL leaves no time for anything. */
function moment(killAt: number): void {
  points++;
  if (points !== killAt) return;
  process.kill(process.pid, "SIGKILL");
  for (;;); // until the signal is there
}

/** Every write of the gate and every effect is such a moment, before and after. */
function mortal(killAt: number, fail: string): { store: Store; home: Lamps } {
  const now = () => moment(killAt);
  const { plans, journal } = real;
  const store: Store = {
    ...real,
    plans: {
      ...plans,
      add(row) {
        now();
        plans.add(row);
      },
      update(id, change) {
        now();
        plans.update(id, change);
      },
    },
    journal: {
      ...journal,
      add(row) {
        now();
        journal.add(row);
      },
    },
  };
  world.before = (effect) => {
    now();
    log(effect);
    if (effect === fail) throw broken();
  };
  return { store, home: world };
}

const gateOf = ({ store, home }: { store: Store; home: Lamps }) =>
  createGate(lampGate(folder, store, home, systemClock));
const options = { signal: new AbortController().signal, progress: () => {} };

/** As the watch does: who finds the gate busy comes again. */
async function useUntilFree(gate: ReturnType<typeof gateOf>, grant: string, lamp: string): Promise<string> {
  for (;;) {
    try {
      const asked = { input: { to: "blue" }, proposal: lampProposal([lamp]), fresh: false };
      return (await gate.standing.use(grant, asked, options))?.status ?? "drilled";
    } catch (error) {
      const { message } = asProblem(error);
      if (message !== "Another plan is running.") return message;
      await systemClock.sleep(5);
    }
  }
}

if (what === "apply") {
  const [plan = "", token = "", times] = rest;
  world.before = log;
  const gate = gateOf({ store: real, home: world });
  process.stdout.write("ready\n");
  await new Promise((go) => process.stdin.once("data", go));
  const calls = Array.from({ length: Number(times) }, () => gate.apply(plan, { ...options, token }));
  for (const call of await Promise.allSettled(calls))
    process.stdout.write(`${call.status === "fulfilled" ? call.value.status : call.reason.code}\n`);
  process.stdin.destroy();
} else if (what === "crash") {
  const [plan = "", token = "", killAt, fail = ""] = rest;
  const view = await gateOf(mortal(Number(killAt), fail)).apply(plan, { ...options, token });
  process.stdout.write(`${view.status} ${points}\n`);
} else if (what === "recover") {
  const { unknown } = await gateOf(mortal(Number(rest[0]), "")).recover();
  process.stdout.write(`${unknown} ${points}\n`);
} else if (what === "use") {
  const [grant = "", names = ""] = rest;
  world.before = log;
  const gate = gateOf({ store: real, home: world });
  process.stdout.write("ready\n");
  await new Promise((go) => process.stdin.once("data", go));
  for (const said of await Promise.all(names.split(",").map((lamp) => useUntilFree(gate, grant, lamp))))
    process.stdout.write(`${said}\n`);
  process.stdin.destroy();
} else if (what === "use-crash") {
  const [grant = "", killAt, fail = ""] = rest;
  const asked = { input: { to: "blue" }, proposal: lampProposal(["hall"]), fresh: false };
  const view = await gateOf(mortal(Number(killAt), fail)).standing.use(grant, asked, options);
  process.stdout.write(`${view?.status} ${points}\n`);
} else if (what === "guard") {
  const gate = gateOf({ store: real, home: world });
  process.stdout.write(`${await guardUntilOrphaned(process.stdin, () => gate.recover())}\n`);
}
real.close();
