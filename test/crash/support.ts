import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Grant } from "../../src/confirm/define-standing.ts";
import { createGate } from "../../src/confirm/gate.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { lampGate, makeHome } from "../support/gate.ts";
import { lampProposal, lamps } from "../support/lamps.ts";
import { grantProposal, lampGrant } from "../support/standing.ts";

const script = fileURLToPath(new URL("../support/lamp-process.ts", import.meta.url));

/** A process of the lamp home; ends by itself or by its own hand. */
export function start(folder: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "home-steward-test-cache") }; // half the start's CPU
  return spawn(process.execPath, [script, folder, ...args], { env, stdio: ["pipe", "pipe", "inherit"] });
}

/** What it printed, and how it ended. */
export async function ended(child: ChildProcess): Promise<{ said: string; signal: NodeJS.Signals | null }> {
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_code, signal) => resolve({ said: said.trim(), signal }));
  });
}

/** A home on the real clock and the disk, as several processes share it. */
export async function sharedHome() {
  const { folder, close, ...person } = await makeHome();
  const signer = await person.signer();
  const world = lamps(join(folder, "lamps.json"));
  const store = openStore(folder);
  const gate = createGate(lampGate(folder, store, world, systemClock));
  return {
    folder,
    gate,
    store,
    lamps: world,
    /** A plan that waits for its code. */
    async approved(names: readonly string[] = ["hall"]) {
      const { plan_id } = await gate.propose("change_lamp", {}, lampProposal(names));
      return { id: plan_id, token: gate.approve(plan_id, signer, { run: false, surface: "terminal" }).token ?? "" };
    },
    /** A plan that carries a standing approval and waits for its code. */
    async approvedGrant() {
      world.set("cellar", "red");
      const { plan_id } = await gate.propose("change_lamp", {}, grantProposal(lampGrant(Date.now())));
      const { token } = gate.approve(plan_id, signer, { run: false, surface: "terminal" });
      return { id: plan_id, token: token ?? "" };
    },
    /** A standing approval that a person gave. */
    async granted(more: Partial<Grant> = {}) {
      world.set("cellar", "red");
      const proposal = grantProposal(lampGrant(Date.now(), more));
      const { plan_id } = await gate.propose("change_lamp", {}, proposal);
      gate.approve(plan_id, signer, { run: true, surface: "terminal" });
      await gate.apply(plan_id, { signal: new AbortController().signal, progress: () => {} });
      return plan_id;
    },
    happened() {
      const log = join(folder, "happened.log");
      return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    },
    close() {
      store.close();
      close();
    },
  };
}
