// crash-child.ts FOLDER SOCKET PLAN TOKEN KILL_AT : applies an approved plan with the real gate, store, tools and adapter, and
// kills itself (SIGKILL: nothing is tidied up) when event number KILL_AT has happened. Events are every row written to
// the journal, and every change that was sent to dockerd and that came back. Without a kill it prints them all.
import { z } from "zod";
import type { JournalRow } from "../../../src/store/journal.ts";
import type { Store } from "../../../src/store/open.ts";
import type { DockerChanges } from "../../../src/systems/docker/port.ts";
import { openHome } from "./home.ts";

const [folder = "", socket = "", planId = "", token = "", killAt = "0"] = process.argv.slice(2);
const events: string[] = [];

function happened(event: string): void {
  events.push(event);
  if (events.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
}

const document = z.looseObject({
  units: z.array(z.looseObject({ steps: z.array(z.looseObject({ step: z.string() })) })),
});

function watched(store: Store): Store {
  const { units } = document.parse(JSON.parse(store.plans.get(planId)?.document ?? ""));
  const name = (row: JournalRow) => units[row.unit]?.steps[row.step]?.step ?? "unit";
  return {
    ...store,
    journal: {
      ...store.journal,
      add(row) {
        store.journal.add(row);
        happened(`${row.way} ${name(row)}: ${row.phase} written`);
      },
    },
  };
}

/** The engine goes on with a request whose sender died, or it does not: both are met here. */
function observed(changes: DockerChanges): DockerChanges {
  const around = async <T>(call: string, work: Promise<T>): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 3));
    happened(`${call} sent`);
    const result = await work;
    happened(`${call} made`);
    return result;
  };
  return {
    pull: (...args) => around("pull", changes.pull(...args)),
    tag: (...args) => around("tag", changes.tag(...args)),
    create: (...args) => around("create", changes.create(...args)),
    connect: (...args) => around("connect", changes.connect(...args)),
    disconnect: (...args) => around("disconnect", changes.disconnect(...args)),
    rename: (...args) => around("rename", changes.rename(...args)),
    start: (...args) => around("start", changes.start(...args)),
    stop: (...args) => around("stop", changes.stop(...args)),
    restart: (...args) => around("restart", changes.restart(...args)),
    restartPolicy: (...args) => around("policy", changes.restartPolicy(...args)),
    limit: (...args) => around("limit", changes.limit(...args)),
    remove: (...args) => around("remove", changes.remove(...args)),
  };
}

const home = openHome(folder, socket, { store: watched, changes: observed });
await home.apply(planId, token);
await home.close();
process.stdout.write(JSON.stringify(events));
