import type { Config } from "./config/schema.ts";
import { secretValues } from "./config/secrets.ts";
import { configuredSystems } from "./configured.ts";
import type { GateService, Watch } from "./confirm/gate.ts";
import type { House } from "./mcp/house.ts";
import { instructionsFor } from "./mcp/instructions.ts";
import { watchPlans } from "./mcp/plan-watch.ts";
import { createRender } from "./mcp/render.ts";
import { watchResources } from "./mcp/resource-watch.ts";
import { createScrub } from "./mcp/scrub.ts";
import type { Clock } from "./shared/clock.ts";
import { createLog, type Log } from "./shared/log.ts";
import { once } from "./shared/once.ts";

/** One running Home Steward: the house for the MCP edge, the gate for the surfaces of a person. */
export interface Steward {
  config: Config;
  house: House;
  gate(): Promise<GateService>;
  log: Log;
  /** Reads the disks that are awake into their history; answers how many (watch/sample-disks.ts). */
  sampleDisks(signal: AbortSignal): Promise<number>;
  sampleUse(every_ms: number, signal: AbortSignal): Promise<number>;
  /** Does once what is due and allowed by standing approvals; answers how many plans ran (watch/use-grants.ts). */
  useGrants(signal: AbortSignal): Promise<number>;
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
  /** What a person types to approve a plan in a terminal. */
  approveCommand(planId: string): string;
  guard?: (planId: string) => Watch;
}

/**
 * The composition root: configuration -> systems -> tools -> gate -> MCP. What a client's first answer needs is made
 * here; the rest is loaded from rooms.ts when it is first asked for.
 */
export function openSteward(options: StewardOptions): Steward {
  const { config, clock } = options;
  const scrub = createScrub([...secretValues(config), ...(options.moreSecrets ?? [])]);
  const log = createLog({ level: config.log, write: options.writeLog, now: clock.now, scrub });
  const render = createRender({ scrub, demo: config.demo });
  const watch = watchPlans(clock);
  const configured = configuredSystems(config);
  const rooms = once(async () => {
    const { openRooms } = await import("./rooms.ts");
    return openRooms({
      ...options,
      words: render.text,
      logError: (message, error) =>
        log.error(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      gateUsed: watch.wake,
    });
  });
  const looks = watchResources(clock, async (uri, signal) => {
    const [{ markOf, quietContext }, opened] = await Promise.all([import("./mcp/resources.ts"), rooms()]);
    return markOf(opened.resources, uri, quietContext(opened, signal));
  });
  return {
    config,
    house: {
      version: options.version,
      instructions: instructionsFor({ demo: config.demo, readOnly: config.read_only, configured }),
      offering: { configured, toolsets: config.toolsets, readOnly: config.read_only },
      render,
      log,
      rooms,
      followResource: looks.follow,
      resourceWasRead: looks.wasRead,
      onResourceChange(listener) {
        const stops = [watch.onChange(listener), looks.onChange(listener)];
        return () => {
          for (const stop of stops) stop();
        };
      },
    },
    gate: async () => (await rooms()).gate,
    log,
    sampleDisks: async (signal) => (await rooms()).sampleDisks(signal),
    sampleUse: async (every_ms, signal) => (await rooms()).sampleUse(every_ms, signal),
    useGrants: async (signal) => (await rooms()).useGrants(signal, log),
    close: async () => {
      if (rooms.called()) await (await rooms()).close();
    },
  };
}
