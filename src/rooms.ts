import type { Config } from "./config/schema.ts";
import { assertAuthorised } from "./confirm/authorised.ts";
import type { Gate, Proposal } from "./confirm/define.ts";
import { createGate, type GateService, type Watch } from "./confirm/gate.ts";
import { connectSystems } from "./connect-systems.ts";
import { helpersOf } from "./helpers.ts";
import type { Rooms } from "./mcp/house.ts";
import { scrubProposal } from "./mcp/proposal-words.ts";
import { ownContainer } from "./own-container.ts";
import { prompts } from "./prompts/registry.ts";
import { resources } from "./resources/registry.ts";
import type { Clock } from "./shared/clock.ts";
import type { Log } from "./shared/log.ts";
import { storeAt } from "./store/open.ts";
import type { Changes, Settings, Systems } from "./tools/define.ts";
import { tools } from "./tools/registry.ts";

export interface RoomsOptions {
  config: Config;
  /** The state folder. */
  folder: string;
  clock: Clock;
  pageUrl(planId: string): Promise<string | null>;
  approveCommand(planId: string): string;
  guard?: (planId: string) => Watch;
  /** Cleans and scrubs what a person reads of a plan. */
  words(text: string): string;
  logError(message: string, error: unknown): void;
  /** Called whenever a tool reaches for the gate. */
  gateUsed(gate: Gate): void;
}

interface OpenRooms extends Rooms {
  gate: GateService;
  sampleDisks(signal: AbortSignal): Promise<number>;
  sampleUse(every_ms: number, signal: AbortSignal): Promise<number>;
  useGrants(signal: AbortSignal, log: Log): Promise<number>;
  close(): Promise<void>;
}

/** Systems -> tools -> gate. Connects to nothing yet. */
export function openRooms(options: RoomsOptions): OpenRooms {
  const { config, folder, clock } = options;
  const store = storeAt(folder);
  const { systems, changes, closeSystems } = connectSystems(config, clock, store);
  const gate = createGate<Changes, Systems>({
    folder,
    store,
    clock,
    limits: config.confirm,
    readOnly: config.read_only,
    actions: new Map(tools.flatMap((tool) => (tool.actions ? [[tool.name, tool.actions] as const] : []))),
    systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return changes;
    },
    pageUrl: options.pageUrl,
    approveCommand: options.approveCommand,
    log: options.logError,
    ...(options.guard ? { guard: options.guard } : {}),
  });
  const scrub = (proposal: Proposal) => scrubProposal(proposal, options.words);
  const gateOfTools: Gate = {
    ...gate,
    propose: (tool, input, proposal) => gate.propose(tool, input, scrub(proposal)),
  };
  const settings = settingsOf(config);
  const context: Rooms["context"] = (call) => ({
    ...call,
    systems,
    settings,
    clock,
    get gate() {
      options.gateUsed(gate);
      return gateOfTools;
    },
  });
  return {
    tools,
    resources,
    prompts,
    context,
    gate,
    sampleDisks: async (signal) => {
      const { sampleDisks } = await import("./watch/sample-disks.ts");
      const every_ms = config.disk_history.every_min * 60_000;
      return sampleDisks({ smart: systems.smart, store: store(), clock, every_ms, signal });
    },
    sampleUse: async (every_ms, signal) => {
      const { sampleUse } = await import("./watch/sample-use.ts");
      return sampleUse({ docker: systems.docker, store: store(), clock, every_ms, signal });
    },
    useGrants: async (signal, log) => {
      const { useGrants } = await import("./watch/use-grants.ts");
      const every_ms = config.automations.every_s * 1_000;
      return useGrants({
        gate,
        helpers: helpersOf(context, scrub),
        store: store(),
        clock,
        every_ms,
        log,
        signal,
      });
    },
    async close() {
      // What runs is brought to its end first: a plan cut off in the middle has to be undone by somebody else.
      await gate.idle();
      await closeSystems();
    },
  };
}

function settingsOf({ bandwidth_alerts, exemptions, quotas, accepted_ports, confirm, update }: Config): Settings {
  const own = ownContainer();
  return {
    bandwidthAlerts: bandwidth_alerts.map(({ container, mbit_per_s }) => ({
      container,
      bits_per_s: mbit_per_s * 1_000_000,
    })),
    exemptions,
    update,
    acceptedPorts: accepted_ports,
    maxGrantDays: confirm.max_grant_days,
    quotas: quotas.map(({ cpus, memory_mib, read_mb_per_s, write_mb_per_s, ...kind }) => ({
      ...kind,
      cpus: cpus ?? null,
      memory_bytes: memory_mib === undefined ? null : memory_mib * 2 ** 20,
      read_bytes_per_s: read_mb_per_s === undefined ? null : read_mb_per_s * 1_000_000,
      write_bytes_per_s: write_mb_per_s === undefined ? null : write_mb_per_s * 1_000_000,
    })),
    ...(own !== undefined && { ownContainer: own }),
  };
}
