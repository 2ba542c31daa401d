import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { createApprover } from "../../../src/confirm/approver.ts";
import { assertAuthorised } from "../../../src/confirm/authorised.ts";
import type { PlanView, Signer } from "../../../src/confirm/define.ts";
import { createGate, type GateService } from "../../../src/confirm/gate.ts";
import { defaultLimits } from "../../../src/confirm/limits.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { type Store, storeAt } from "../../../src/store/open.ts";
import { connectCgroups } from "../../../src/systems/cgroup/index.ts";
import { connectDocker } from "../../../src/systems/docker/index.ts";
import type { DockerChanges } from "../../../src/systems/docker/port.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { composeChanges, composeProjects } from "../../../src/systems/managers/index.ts";
import { connectNetwork } from "../../../src/systems/network/index.ts";
import type { Shells } from "../../../src/systems/shell/index.ts";
import type { Settings, Systems, ToolContext } from "../../../src/tools/define.ts";
import { planAnswer } from "../../../src/tools/plan-answer.ts";
import { tools } from "../../../src/tools/registry.ts";
import { noChanges, noSystems } from "../../support/no-systems.ts";
import type { Lab } from "./lab.ts";

/** Home Steward's own parts, put together for one dockerd: the real adapter, the real tools, the real gate and store. */
export interface Home {
  readonly gate: GateService;
  /** Calls a tool and answers its facts. */
  call(tool: string, args: unknown): Promise<unknown>;
  plan(tool: string, args: unknown): Promise<z.output<typeof planAnswer>>;
  /** A person's approval, then `apply_plan` with the code, followed until the plan has ended. */
  approveAndApply(planId: string, typed?: string): Promise<PlanView>;
  /** The code that a person would read out. `typed`: what they type for a destructive plan. */
  approve(planId: string, typed?: string): Promise<string>;
  apply(planId: string, token: string): Promise<PlanView>;
  close(): Promise<void>;
}

/** With what a call of a tool gets. */
export interface HomeOfTools extends Home {
  context(): ToolContext;
}

interface Hooks {
  store?(store: Store): Store;
  changes?(changes: DockerChanges): DockerChanges;
  settings?: Partial<Settings>;
  /** The machine's command line: lab-shell.ts. */
  shells?: Shells;
  /** Folders of compose files: what compose made is updated by compose, through `shells`. */
  composeRoots?: readonly string[];
}

const passphrase = "correct horse battery lab";
let approver: Promise<string> | undefined;
let signer: Promise<Signer> | undefined;

/** A state folder in the lab's, with an approver; its key is made once, because scrypt is dear on purpose. */
export async function stateFolder(lab: Lab): Promise<string> {
  approver ??= (async () => {
    const folder = mkdtempSync(join(lab.folder, "approver-"));
    await createApprover(folder, passphrase);
    return readFileSync(join(folder, "approver.json"), "utf8");
  })();
  const folder = mkdtempSync(join(lab.folder, "state-"));
  writeFileSync(join(folder, "approver.json"), await approver, { mode: 0o600 });
  return folder;
}

export function openHome(folder: string, socket: string, hooks: Hooks = {}): HomeOfTools {
  // Patient: on a busy machine a slow dockerd is not what is tested here.
  const deadlines = { read_ms: 60_000 };
  const { reading, changing } = connectDocker({ kind: "socket", path: socket }, { deadlines });
  const changes = hooks.changes?.(changing) ?? changing;
  const cgroups = hooks.shells && connectCgroups(hooks.shells);
  const network = hooks.shells && connectNetwork(hooks.shells);
  const place = { engine: socket, roots: hooks.composeRoots };
  const composed = hooks.shells && hooks.composeRoots && composeProjects(hooks.shells, place);
  const open = storeAt(folder);
  let store: Store | undefined;
  const theStore = () => {
    store ??= hooks.store?.(open()) ?? open();
    return store;
  };
  const systems: Systems = {
    ...noSystems,
    docker: fleet("docker", ["nas"], () => reading),
    ...(cgroups && { cgroup: fleet("shell", ["nas"], () => cgroups.reading) }),
    ...(network && { network: fleet("shell", ["nas"], () => network.reading) }),
    ...(composed && { managers: { ...noSystems.managers, compose: fleet("compose", ["nas"], () => composed) } }),
    keptLimits: { of: (kind, host) => theStore().limits.of(kind, host) },
  };
  const gate = createGate({
    folder,
    store: theStore,
    clock: systemClock,
    limits: { ...defaultLimits, max_applies_per_hour: 1000, max_pending: 10 },
    readOnly: false,
    actions: new Map(tools.flatMap((tool) => (tool.actions === undefined ? [] : [[tool.name, tool.actions] as const]))),
    systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return {
        ...noChanges,
        docker: fleet("docker", ["nas"], () => changes),
        ...(cgroups && { cgroup: fleet("shell", ["nas"], () => cgroups.changing) }),
        ...(network && { network: fleet("shell", ["nas"], () => network.changing) }),
        ...(hooks.shells && { managers: composeAlone(hooks.shells, place) }),
        keptLimits: {
          put: (limit, for_ms) =>
            theStore().limits.put(for_ms === undefined ? limit : { ...limit, until: systemClock.now() + for_ms }),
          drop: (kind, host, container) => theStore().limits.drop(kind, host, container),
        },
      };
    },
    pageUrl: async () => null,
  });
  const context = (): ToolContext => ({
    systems,
    settings: { bandwidthAlerts: [], update: { health_timeout_s: 10, settle_s: 1 }, ...hooks.settings },
    clock: systemClock,
    signal: new AbortController().signal,
    gate,
    progress: () => {},
  });

  const call: Home["call"] = async (name, args) => {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`There is no tool ${name}.`);
    return (await tool.call(args, context())).structured;
  };
  return {
    gate,
    call,
    context,
    ...personAt(gate, call),
    async close() {
      await reading.close();
      store?.close();
    },
  };
}

const composeAlone = (shells: Shells, place: Parameters<typeof composeChanges>[1]) => ({
  ...noChanges.managers,
  compose: fleet("compose", ["nas"], () => composeChanges(shells, place)),
});

/** Claude's side of a plan, and what a person with a terminal does about it. */
export function personAt(gate: GateService, call: Home["call"]): Omit<Home, "gate" | "call" | "close"> {
  const person: ReturnType<typeof personAt> = {
    plan: async (tool, args) => planAnswer.parse(await call(tool, args)),
    async approve(planId, typed) {
      signer ??= gate.unlock(passphrase, "terminal");
      const typedTarget = typed === undefined ? {} : { typedTarget: typed };
      const { token } = gate.approve(planId, await signer, { run: false, surface: "terminal", ...typedTarget });
      return token ?? "";
    },
    async apply(planId, token) {
      let view = await gate.apply(planId, { token, signal: new AbortController().signal, progress: () => {} });
      while (view.status === "running") {
        await systemClock.sleep(50);
        view = gate.get(planId);
      }
      return view;
    },
    approveAndApply: async (planId, typed) => person.apply(planId, await person.approve(planId, typed)),
  };
  return person;
}
