import { type GrantView, sayTarget } from "../confirm/define-standing.ts";
import type { GateService } from "../confirm/gate.ts";
import type { Command, Surroundings } from "./command.ts";
import { openDialog } from "./dialog.ts";
import { exitCodes } from "./exit-codes.ts";
import { decidingGate, folderOf } from "./own-gate.ts";
import { WrongUse } from "./wrong-use.ts";

/** Lists what may happen by itself; `revoke` ends one at once. */
export const automations: Command = async (args, surroundings) => {
  const [verb, grantId] = args;
  if (verb !== undefined && (verb !== "revoke" || grantId === undefined || args.length > 2)) throw new WrongUse("");
  const { gate, store } = decidingGate(folderOf(surroundings));
  try {
    surroundings.stdout.write(`${grantId === undefined ? list(gate) : await revoke(gate, grantId, surroundings)}\n`);
    return exitCodes.done.code;
  } finally {
    store().close();
  }
};

function list(gate: GateService): string {
  const active = gate.grants().filter(({ state }) => state === "active");
  return active.map(entry).join("\n") || "Nothing is allowed to happen by itself.";
}

function entry({
  grant_id,
  says,
  drill,
  targets,
  until,
  uses_left_today,
  limits,
  last_uses,
  stopped_for,
}: GrantView): string {
  const [last] = last_uses;
  return [
    `${grant_id}  ${says}${drill ? " (drill)" : ""}`,
    `  On: ${targets.map(sayTarget).join(", ")}`,
    `  Until ${until}; ${uses_left_today} of ${limits.max_per_day} uses are left today`,
    ...(last ? [`  Last: ${last.name} on ${last.host} at ${last.at}, ${last.status}`] : []),
    ...(stopped_for.length > 0
      ? [`  Left alone after ${limits.stop_after} tries in a row: ${stopped_for.map(sayTarget).join(", ")}`]
      : []),
  ].join("\n");
}

/** One that is for emergencies takes the passphrase: who could end it in passing could leave a house without its guard. */
async function revoke(gate: GateService, grantId: string, surroundings: Surroundings): Promise<string> {
  const grant = gate.grants().find(({ grant_id }) => grant_id === grantId);
  const ended = ({ says }: GrantView) => `Ended: ${says}. What runs under it now goes back.`;
  if (!grant?.emergency) return ended(gate.revoke(grantId));
  const dialog = openDialog(surroundings, "Ending it");
  try {
    const signer = await gate.unlock(await dialog.askHidden("Passphrase:"), "terminal");
    try {
      return ended(gate.revoke(grantId, { signer, surface: "terminal" }));
    } finally {
      signer.lock();
    }
  } finally {
    dialog.close();
  }
}
