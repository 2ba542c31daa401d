import { parseArgs } from "node:util";
import type { Signer } from "../confirm/define.ts";
import type { GateService } from "../confirm/gate.ts";
import { type PlanWords, planText } from "../confirm/words.ts";
import type { Command } from "./command.ts";
import { type Dialog, openDialog } from "./dialog.ts";
import { exitCodes } from "./exit-codes.ts";
import { decidingGate, folderOf } from "./own-gate.ts";
import { WrongUse } from "./wrong-use.ts";

/** A person decides about a plan in the terminal; `--stop` and `--resume` are the kill switch. */
export const approve: Command = async (args, surroundings) => {
  const { planId, stop } = read(args);
  const dialog = openDialog(surroundings, "Approving");
  const { gate, store } = decidingGate(folderOf(surroundings));
  try {
    if (stop !== undefined) await turn(dialog, gate, stop);
    else await decide(dialog, gate, planId);
    return exitCodes.done.code;
  } finally {
    dialog.close();
    store().close();
  }
};

function read(args: readonly string[]): { planId: string | undefined; stop: boolean | undefined } {
  try {
    const options = { stop: { type: "boolean" }, resume: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length + Object.keys(values).length > 1) throw new Error("One plan, or --stop, or --resume.");
    return { planId: positionals[0], stop: values.stop ? true : values.resume ? false : undefined };
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message.split("\n", 1)[0] : "", { cause: error });
  }
}

/** Whole words count too: who typed one and was not understood would type the passphrase into the shell next. */
const decisions: ReadonlyMap<string, "a" | "r" | "d"> = new Map([
  ["a", "a"],
  ["approve", "a"],
  ["r", "r"],
  ["approve and run", "r"],
  ["d", "d"],
  ["deny", "d"],
]);

async function decide(dialog: Dialog, gate: GateService, planId: string | undefined): Promise<void> {
  const id = planId ?? (await choose(dialog, gate));
  if (id === undefined) return dialog.say("No plan waits for you.");
  const words = gate.words(id);
  dialog.say(`\n${planText(words)}\n`);
  const said = await dialog.ask("Approve (a), approve and run (r), deny (d), or leave it (anything else)?");
  const answer = decisions.get(said.trim().toLowerCase());
  if (answer === undefined) return dialog.say("Nothing was decided.");
  const typedTarget = answer === "d" ? "" : await typed(dialog, words);
  await withSigner(dialog, gate, (signer) => {
    if (answer === "d") {
      gate.deny(id, signer, "terminal");
      return dialog.say("Denied. Nothing has changed.");
    }
    const { token, expires_at } = gate.approve(id, signer, { run: answer === "r", typedTarget, surface: "terminal" });
    dialog.say(token === null ? "Approved: it runs as soon as Claude asks for it." : `Approved. The code is  ${token}`);
    dialog.say(`It holds until ${expires_at}.`);
  });
}

async function choose(dialog: Dialog, gate: GateService): Promise<string | undefined> {
  const waiting = gate.pending().filter(({ status }) => status === "pending");
  if (waiting.length < 2) return waiting[0]?.plan_id;
  for (const [at, plan] of waiting.entries()) dialog.say(`${at + 1}. ${plan.title} (${plan.risk}, ${plan.plan_id})`);
  const answer = await dialog.ask("Which one? Its number:");
  return waiting[Number(answer) - 1]?.plan_id;
}

async function typed(dialog: Dialog, { type_to_approve }: PlanWords): Promise<string> {
  if (type_to_approve === null) return "";
  return dialog.ask(`This destroys something. Type ${type_to_approve} to go on:`);
}

async function turn(dialog: Dialog, gate: GateService, on: boolean): Promise<void> {
  await withSigner(dialog, gate, (signer) => {
    gate.setStopped(on, signer, "terminal");
    dialog.say(on ? "All changes are stopped; what runs goes back." : "Changes are possible again.");
  });
}

async function withSigner(dialog: Dialog, gate: GateService, work: (signer: Signer) => void): Promise<void> {
  const signer = await gate.unlock(await dialog.askHidden("Passphrase:"), "terminal");
  try {
    work(signer);
  } finally {
    signer.lock();
  }
}
