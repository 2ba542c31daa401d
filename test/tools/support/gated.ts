import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { approverIn, createApprover } from "../../../src/confirm/approver.ts";
import { assertAuthorised } from "../../../src/confirm/authorised.ts";
import type { PlanView, Signer } from "../../../src/confirm/define.ts";
import { createGate, type GateService } from "../../../src/confirm/gate.ts";
import { defaultLimits } from "../../../src/confirm/limits.ts";
import { type Clock, systemClock } from "../../../src/shared/clock.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import type { Changes, Settings, Systems } from "../../../src/tools/define.ts";
import { planAnswer } from "../../../src/tools/plan-answer.ts";
import { tools } from "../../../src/tools/registry.ts";
import { type House, openHouse } from "./house.ts";

/** An empty engine behind the real adapter, tools, gate and store, and a person who approves. */
export interface GatedHouse extends House {
  gate: GateService;
  store: Store;
  /** The state folder. */
  folder: string;
  plan(tool: string, args: object): Promise<z.output<typeof planAnswer>>;
  /** A person's approval, then the plan run to its end. `typed`: what they type for a destructive plan. */
  approveAndApply(planId: string, typed?: string): Promise<PlanView>;
}

// scrypt is slow on purpose: one approver serves a test file.
let person: Promise<{ key: string; signer: Signer }> | undefined;

export async function openGatedHouse(
  options: { settings?: Partial<Settings>; clock?: Clock; now?: () => number } = {},
): Promise<GatedHouse> {
  const { clock = systemClock } = options;
  person ??= makePerson();
  const { key, signer } = await person;
  const folder = mkdtempSync(join(tmpdir(), "steward-tools-"));
  writeFileSync(join(folder, "approver.json"), key, { mode: 0o600 });
  const store = openStore(folder);
  const house = await openHouse({ empty: true, ...options });
  const gate = createGate<Changes, Systems>({
    folder,
    store: () => store,
    clock,
    limits: defaultLimits,
    readOnly: false,
    actions: new Map(tools.flatMap(({ name, actions }) => (actions === undefined ? [] : [[name, actions] as const]))),
    systems: house.systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return house.changes;
    },
    pageUrl: async () => null,
  });
  house.context.gate = gate;
  return {
    ...house,
    gate,
    store,
    folder,
    plan: async (tool, args) => planAnswer.parse((await house.call(tool, args)).structured),
    async approveAndApply(planId, typed) {
      const { token } = gate.approve(planId, signer, {
        run: false,
        surface: "terminal",
        ...(typed === undefined ? {} : { typedTarget: typed }),
      });
      const options = { token: token ?? "", signal: new AbortController().signal, progress: () => {} };
      let view = await gate.apply(planId, options);
      while (view.status === "running") {
        await systemClock.sleep(20);
        view = gate.get(planId);
      }
      return view;
    },
    async close() {
      await gate.idle();
      store.close();
      await house.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makePerson() {
  const folder = mkdtempSync(join(tmpdir(), "steward-person-"));
  const passphrase = "correct horse battery tools";
  await createApprover(folder, passphrase);
  const signer = await approverIn(folder).unlock(passphrase);
  const key = readFileSync(join(folder, "approver.json"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  if (signer === null) throw new Error("the passphrase just set is refused");
  return { key, signer };
}
