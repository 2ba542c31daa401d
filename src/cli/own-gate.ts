import { homedir } from "node:os";
import { stateFolder } from "../config/folders.ts";
import { createGate, type GateService } from "../confirm/gate.ts";
import { defaultLimits } from "../confirm/limits.ts";
import { systemClock } from "../shared/clock.ts";
import { type Store, storeAt } from "../store/open.ts";
import type { Surroundings } from "./command.ts";

/** The state folder of these surroundings. */
export const folderOf = ({ env, platform }: Surroundings): string => stateFolder({ env, platform, home: homedir() });

/** The gate as the terminal needs it: it decides about plans, and can run none. */
export function decidingGate(folder: string): { gate: GateService; store: () => Store } {
  const store = storeAt(folder);
  const gate = createGate({
    folder,
    store,
    clock: systemClock,
    limits: defaultLimits,
    readOnly: true,
    actions: new Map(),
    systems: null,
    openChanges: () => null,
    pageUrl: async () => null,
  });
  return { gate, store };
}
