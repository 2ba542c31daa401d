import { approverIn, createApprover, MIN_PASSPHRASE } from "../confirm/approver.ts";
import { openAudit } from "../confirm/audit.ts";
import { openStore } from "../store/open.ts";
import type { Command } from "./command.ts";
import { type Dialog, openDialog } from "./dialog.ts";
import { exitCodes } from "./exit-codes.ts";
import { folderOf } from "./own-gate.ts";
import { readOptions } from "./wrong-use.ts";

/**
 * Makes the approver's key. The passphrase is asked for at the terminal, never taken from arguments or variables.
 * With --print-…: prints what the owner installs on a machine, and makes nothing.
 */
export const setup: Command = async (args, surroundings) => {
  const options = readOptions(args, {
    "print-sudoers": { type: "boolean" },
    "print-forced-command": { type: "boolean" },
    user: { type: "string", default: "steward" },
    root: { type: "string", multiple: true },
  });
  if (options["print-sudoers"]) {
    surroundings.stdout.write((await import("../systems/shell/sudoers.ts")).sudoers(options.user, options.root));
    return exitCodes.done.code;
  }
  if (options["print-forced-command"]) {
    surroundings.stdout.write((await import("../systems/shell/forced-command.ts")).forcedCommand(options.root));
    return exitCodes.done.code;
  }
  const folder = folderOf(surroundings);
  const dialog = openDialog(surroundings, "Setting up the approver");
  try {
    const replaces = approverIn(folder).exists();
    if (replaces && !(await mayReplace(dialog))) {
      dialog.say("Nothing was changed.");
      return exitCodes.failed.code;
    }
    dialog.say("Whoever knows this passphrase can approve changes. It is stored nowhere: keep it as you keep others.");
    const passphrase = await dialog.askHidden(`Passphrase (${MIN_PASSPHRASE} characters or more):`);
    if (passphrase !== (await dialog.askHidden("Again:"))) {
      dialog.say("The two differ. Nothing was changed.");
      return exitCodes.failed.code;
    }
    const { fingerprint } = await createApprover(folder, passphrase);
    const store = openStore(folder);
    openAudit(store, Date.now).within((append) => append("approver_made", null, { fingerprint, replaces }));
    store.close();
    dialog.say(`The approver's key is made (${fingerprint}), in ${folder}.`);
    return exitCodes.done.code;
  } finally {
    dialog.close();
  }
};

async function mayReplace(dialog: Dialog): Promise<boolean> {
  dialog.say("There is an approver already. A new one replaces it, and what it approved no longer counts.");
  return (await dialog.ask('Type "replace" to go on:')).trim() === "replace";
}
