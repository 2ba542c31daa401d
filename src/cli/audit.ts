import { openAudit } from "../confirm/audit.ts";
import { openStore } from "../store/open.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { folderOf } from "./own-gate.ts";
import { readOptions } from "./wrong-use.ts";

/** Checks the audit from its first record to its sealed end. */
export const auditVerify: Command = async (args, surroundings) => {
  readOptions(args, {});
  const store = openStore(folderOf(surroundings));
  try {
    const { state, says } = openAudit(store, Date.now).verify();
    surroundings.stdout.write(`${state.replace("_", " ")}: ${says}\n`);
    return state === "intact" ? exitCodes.done.code : exitCodes.failed.code;
  } finally {
    store.close();
  }
};
