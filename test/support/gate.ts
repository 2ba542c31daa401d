import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { approverIn, createApprover } from "../../src/confirm/approver.ts";
import { assertAuthorised } from "../../src/confirm/authorised.ts";
import type { ApplyOptions, Proposal, Signer } from "../../src/confirm/define.ts";
import { createGate, type GateDeps, type GateService } from "../../src/confirm/gate.ts";
import { defaultLimits } from "../../src/confirm/limits.ts";
import type { Clock } from "../../src/shared/clock.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { type FakeClock, fakeClock } from "./clock.ts";
import { changeLamp, type Lamps, lampProposal, lamps } from "./lamps.ts";

export const PASSPHRASE = "correct horse battery staple";

/** A home with a gate, one tool that changes lamps, and a person who knows the passphrase. */
export interface Home {
  folder: string;
  gate: GateService;
  store: Store;
  clock: FakeClock;
  lamps: Lamps;
  /** Answers the id of a plan that waits. */
  plan(proposal?: Proposal): Promise<string>;
  /** Answers the code, or "" with `run`. */
  approve(planId: string, options?: { run?: boolean; typedTarget?: string }): Promise<string>;
  signer(): Promise<Signer>;
  apply(planId: string, token?: string, options?: Partial<ApplyOptions>): ReturnType<GateService["apply"]>;
  /** Another process's gate over the same folder, as far as one process can be two. */
  another(deps?: Partial<GateDeps<Lamps, Lamps>>): { gate: GateService; store: Store };
  close(): void;
}

// scrypt is slow on purpose: one approver, and its opened key, serve all homes of a test file.
let person: Promise<{ file: string; signer: Signer }> | undefined;

/** `home.close()` removes everything. */
export async function makeHome(deps: Partial<GateDeps<Lamps, Lamps>> = {}, approver = true): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), "steward-"));
  if (approver) {
    copyFileSync((await thePerson()).file, join(folder, "approver.json"));
  }
  const clock = fakeClock();
  const world = lamps();
  const stores: Store[] = [];
  const another = (more: Partial<GateDeps<Lamps, Lamps>> = {}) => {
    const store = openStore(folder);
    stores.push(store);
    return { gate: createGate(lampGate(folder, store, world, clock, { ...deps, ...more })), store };
  };
  const { gate, store } = another();
  const signer = async () => (await thePerson()).signer;
  return {
    folder,
    gate,
    store,
    clock,
    lamps: world,
    another,
    signer,
    plan: async (proposal = lampProposal()) => (await gate.propose("change_lamp", {}, proposal)).plan_id,
    async approve(planId, { run = false, ...options } = {}) {
      return gate.approve(planId, await signer(), { run, surface: "terminal", ...options }).token ?? "";
    },
    apply: (planId, token, options = {}) =>
      gate.apply(planId, {
        ...(token !== undefined && { token }),
        signal: new AbortController().signal,
        progress: () => {},
        ...options,
      }),
    close() {
      for (const opened of stores) opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function lampGate(
  folder: string,
  store: Store,
  world: Lamps,
  clock: Clock,
  deps: Partial<GateDeps<Lamps, Lamps>> = {},
): GateDeps<Lamps, Lamps> {
  return {
    folder,
    store: () => store,
    clock,
    limits: defaultLimits,
    readOnly: false,
    actions: new Map([[changeLamp.tool, changeLamp]]),
    systems: world,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return world;
    },
    pageUrl: async (planId) => `http://127.0.0.1:8471/plans/${planId}`,
    ...deps,
  };
}

function thePerson() {
  person ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "steward-approver-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    await createApprover(folder, PASSPHRASE);
    const signer = await approverIn(folder).unlock(PASSPHRASE);
    if (!signer) throw new Error("the passphrase just set is refused");
    return { file: join(folder, "approver.json"), signer };
  })();
  return person;
}
