import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { approverIn, createApprover } from "../../../src/confirm/approver.ts";
import { assertAuthorised } from "../../../src/confirm/authorised.ts";
import type { PlanView, Signer } from "../../../src/confirm/define.ts";
import { createGate } from "../../../src/confirm/gate.ts";
import { defaultLimits } from "../../../src/confirm/limits.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Changes, Systems, Tool, ToolContext } from "../../../src/tools/define.ts";
import { planAnswer } from "../../../src/tools/plan-answer.ts";

// scrypt is slow on purpose: one approver serves a test file.
let person: Promise<{ key: string; signer: Signer }> | undefined;

/** The real gate and store over a test's own systems, for one tool, and a person who approves. */
export async function gated(tool: Tool, context: ToolContext, changes: Changes) {
  person ??= makePerson();
  const { key, signer } = await person;
  const folder = mkdtempSync(join(tmpdir(), "steward-storage-"));
  writeFileSync(join(folder, "approver.json"), key, { mode: 0o600 });
  const store = openStore(folder);
  const gate = createGate<Changes, Systems>({
    folder,
    store: () => store,
    clock: systemClock,
    limits: defaultLimits,
    readOnly: false,
    actions: new Map(tool.actions ? [[tool.name, tool.actions]] : []),
    systems: context.systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return changes;
    },
    pageUrl: async () => null,
    approveCommand: (id) => `home-steward approve ${id}`,
  });
  const plan = async (args: object) => planAnswer.parse((await tool.call(args, { ...context, gate })).structured);
  return {
    plan,
    /** A person's approval, then the plan run to its end. `typed`: what they type for a destructive plan. */
    async run({ plan_id }: { plan_id: string }, typed?: string): Promise<PlanView> {
      const { token } = gate.approve(plan_id, signer, {
        run: false,
        surface: "terminal",
        ...(typed === undefined ? {} : { typedTarget: typed }),
      });
      await gate.apply(plan_id, { token: token ?? "", signal: new AbortController().signal, progress: () => {} });
      await gate.idle();
      return gate.get(plan_id);
    },
    close() {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makePerson() {
  const folder = mkdtempSync(join(tmpdir(), "steward-person-"));
  const passphrase = "correct horse battery storage";
  await createApprover(folder, passphrase);
  const signer = await approverIn(folder).unlock(passphrase);
  const key = readFileSync(join(folder, "approver.json"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  if (signer === null) throw new Error("the passphrase just set is refused");
  return { key, signer };
}
