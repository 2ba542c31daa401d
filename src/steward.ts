import type { Config } from "./config/schema.ts";
import { secretValues } from "./config/secrets.ts";
import { assertAuthorised } from "./confirm/authorised.ts";
import type { Gate } from "./confirm/define.ts";
import { createGate, type GateService, type Watch } from "./confirm/gate.ts";
import { dockerConnection } from "./connections.ts";
import { lazyDocker } from "./lazy-docker.ts";
import type { House } from "./mcp/house.ts";
import { instructionsFor } from "./mcp/instructions.ts";
import { watchPlans } from "./mcp/plan-watch.ts";
import { scrubProposal } from "./mcp/proposal-words.ts";
import { createRender } from "./mcp/render.ts";
import { createScrub } from "./mcp/scrub.ts";
import { ownContainer } from "./own-container.ts";
import { prompts } from "./prompts/registry.ts";
import { resources } from "./resources/registry.ts";
import type { Clock } from "./shared/clock.ts";
import { createLog, type Log } from "./shared/log.ts";
import { storeAt } from "./store/open.ts";
import { fleet } from "./systems/fleet.ts";
import type { Changes, Settings, SystemName, Systems } from "./tools/define.ts";
import { tools } from "./tools/registry.ts";

/** One running Home Steward: the house for the MCP edge, the gate for the surfaces of a person. */
export interface Steward {
  config: Config;
  folder: string;
  house: House;
  gate: GateService;
  log: Log;
  close(): Promise<void>;
}

export interface StewardOptions {
  config: Config;
  /** The state folder. */
  folder: string;
  version: string;
  clock: Clock;
  /** Values to scrub beside the configuration's own: the daemon's token, the demo's passphrase. */
  moreSecrets?: readonly string[];
  writeLog(line: string): void;
  /** The page's address of a plan; null where there is no page. */
  pageUrl(planId: string): Promise<string | null>;
  guard?: (planId: string) => Watch;
}

/** The composition root: configuration -> systems -> tools -> gate -> MCP. Connects to nothing yet. */
export function openSteward(options: StewardOptions): Steward {
  const { config, folder, clock } = options;
  const scrub = createScrub([...secretValues(config), ...(options.moreSecrets ?? [])]);
  const log = createLog({ level: config.log, write: options.writeLog, now: clock.now, scrub });

  const { systems, changes, closeSystems } = connect(config);
  const configured = systemNames.filter((name) => systems[name].hosts.length > 0);
  const actions = new Map(tools.flatMap((tool) => (tool.actions ? [[tool.name, tool.actions] as const] : [])));
  const store = storeAt(folder);
  const gate = createGate<Changes, Systems>({
    folder,
    store,
    clock,
    limits: config.confirm,
    readOnly: config.read_only,
    actions,
    systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return changes;
    },
    pageUrl: options.pageUrl,
    log: (message, error) =>
      log.error(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    ...(options.guard ? { guard: options.guard } : {}),
  });

  const watch = watchPlans(gate, clock);
  const settings = settingsOf(config);
  const render = createRender({ scrub, demo: config.demo });
  const gateOfTools: Gate = {
    ...gate,
    propose: (tool, input, proposal) => gate.propose(tool, input, scrubProposal(proposal, render.text)),
  };
  const house: House = {
    version: options.version,
    tools,
    resources,
    prompts,
    offering: { configured, toolsets: config.toolsets, readOnly: config.read_only },
    instructions: instructionsFor({ demo: config.demo, readOnly: config.read_only, configured }),
    context: (call) => ({
      ...call,
      systems,
      settings,
      clock,
      get gate() {
        watch.wake();
        return gateOfTools;
      },
    }),
    render,
    log,
    onResourceChange: watch.onChange,
  };
  return {
    config,
    folder,
    house,
    gate,
    log,
    async close() {
      // What runs is brought to its end first: a plan cut off in the middle has to be undone by somebody else.
      await gate.idle();
      await closeSystems();
    },
  };
}

const systemNames: readonly SystemName[] = ["docker"];

/** All systems of a configuration. What changes them leaves this file through the gate only. */
function connect(config: Config): { systems: Systems; changes: Changes; closeSystems(): Promise<void> } {
  const engines = new Map<string, ReturnType<typeof lazyDocker>>();
  const engine = (name: string) => {
    const host = config.hosts.find((one) => one.name === name);
    if (!host) throw new Error(`no host ${name}`);
    const known = engines.get(name) ?? lazyDocker(() => dockerConnection(host));
    engines.set(name, known);
    return known;
  };
  const withDocker = config.hosts.filter((host) => host.docker).map((host) => host.name);
  return {
    systems: { docker: fleet("docker", withDocker, (name) => engine(name).reading) },
    changes: { docker: fleet("docker", withDocker, (name) => engine(name).changing) },
    closeSystems: async () => {
      await Promise.allSettled([...engines.values()].map(({ reading }) => reading.close()));
    },
  };
}

function settingsOf({ bandwidth_alerts, update }: Config): Settings {
  const own = ownContainer();
  return {
    bandwidthAlerts: bandwidth_alerts.map(({ container, mbit_per_s }) => ({
      container,
      bits_per_s: mbit_per_s * 1_000_000,
    })),
    update,
    ...(own !== undefined && { ownContainer: own }),
  };
}
