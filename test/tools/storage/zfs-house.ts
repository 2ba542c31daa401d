import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { approverIn, createApprover } from "../../../src/confirm/approver.ts";
import { assertAuthorised } from "../../../src/confirm/authorised.ts";
import type { PlanView } from "../../../src/confirm/define.ts";
import { createGate } from "../../../src/confirm/gate.ts";
import { defaultLimits } from "../../../src/confirm/limits.ts";
import { type Clock, systemClock } from "../../../src/shared/clock.ts";
import { openStore } from "../../../src/store/open.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Zfs, ZfsChanges } from "../../../src/systems/zfs/port.ts";
import type { Changes, Systems, Tool, ToolContext } from "../../../src/tools/define.ts";
import { planAnswer } from "../../../src/tools/plan-answer.ts";
import { noChanges, noSystems } from "../../support/no-systems.ts";

/** Hosts with ZFS behind the real tools, gate and store, and a person who approves. */
export interface ZfsHouse {
  context: ToolContext;
  plan(args: object): Promise<z.output<typeof planAnswer>>;
  /** A person's approval, with the target's name typed where it is asked for, and the plan run to its end. */
  approveAndApply(planId: string, typedTarget?: string): Promise<PlanView>;
  close(): Promise<void>;
}

type Rig = { reading: Zfs; changing: ZfsChanges };

const passphrase = "correct horse battery pools";
// scrypt is slow on purpose: one approver serves a test file.
let person: ReturnType<typeof makePerson> | undefined;

export async function openZfsHouse(
  tool: Tool,
  hosts: Readonly<Record<string, Rig>>,
  clock: Clock = systemClock,
): Promise<ZfsHouse> {
  person ??= makePerson();
  const { key, signer } = await person;
  const folder = mkdtempSync(join(tmpdir(), "steward-zfs-"));
  writeFileSync(join(folder, "approver.json"), key, { mode: 0o600 });
  const store = openStore(folder);
  const at = (host: string): Rig => {
    const found = hosts[host];
    if (found === undefined) throw new Error(`no host ${host}`);
    return found;
  };
  const names = Object.keys(hosts);
  const systems: Systems = { ...noSystems, zfs: fleet("zfs", names, (host) => at(host).reading) };
  const gate = createGate<Changes, Systems>({
    folder,
    store: () => store,
    clock: systemClock,
    limits: defaultLimits,
    readOnly: false,
    actions: new Map(tool.actions ? [[tool.name, tool.actions]] : []),
    systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return { ...noChanges, zfs: fleet("zfs", names, (host) => at(host).changing) };
    },
    pageUrl: async () => null,
  });
  const signal = new AbortController().signal;
  const context: ToolContext = {
    systems,
    settings: { bandwidthAlerts: [], update: { health_timeout_s: 5, settle_s: 0 } },
    clock,
    signal,
    gate,
    progress: () => {},
  };
  return {
    context,
    plan: async (args) => planAnswer.parse((await tool.call(args, context)).structured),
    async approveAndApply(planId, typedTarget) {
      const typed = typedTarget === undefined ? {} : { typedTarget };
      const { token } = gate.approve(planId, signer, { run: false, surface: "terminal", ...typed });
      await gate.apply(planId, { token: token ?? "", signal, progress: () => {} });
      await gate.idle();
      return gate.get(planId);
    },
    async close() {
      await gate.idle();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makePerson() {
  const folder = mkdtempSync(join(tmpdir(), "steward-person-"));
  await createApprover(folder, passphrase);
  const signer = await approverIn(folder).unlock(passphrase);
  const key = readFileSync(join(folder, "approver.json"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  if (signer === null) throw new Error("the passphrase just set is refused");
  return { key, signer };
}
