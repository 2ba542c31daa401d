import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "./cli/command.ts";
import type { Home } from "./cli/home.ts";
import { ownProgram } from "./cli/own-program.ts";
import { startGuard } from "./cli/start-guard.ts";
import { terminalCommand } from "./cli/terminal-command.ts";
import { version } from "./cli/version.ts";
import { stateFolder } from "./config/folders.ts";
import { openSecret } from "./config/secret.ts";
import { configuredSystems } from "./configured.ts";
import type { Room } from "./mcp/door.ts";
import { ownedSecret } from "./mcp/owned-file.ts";
import type { PageFinder } from "./mcp/page-finder.ts";
import { systemClock } from "./shared/clock.ts";
import { once } from "./shared/once.ts";
import { openSteward, type Steward } from "./steward.ts";
import { stateFolder as makeStateFolder } from "./store/database.ts";
import { type Repeated, repeat } from "./watch/repeat.ts";

/** A Home Steward that runs in this process, with its page. */
export interface OpenHouse {
  steward: Steward;
  /** Finds or opens the approval page. */
  finder(): Promise<PageFinder>;
  page: Room;
  /** What an HTTP client has to show. */
  token: string;
  /** This installation's own, by which its processes know each other. */
  key: string;
  /** Reconciles plans whose process died in the middle, soon and as long as there are some. Does not keep the process. */
  lookAfterPlans(): void;
  /** Samples the disks into their history, where some are configured. Keeps the process until `close`. */
  lookAfterDisks(): void;
  /** Samples what containers use, every few minutes. */
  lookAfterUse(): void;
  /** Does what standing approvals allow, while there are some. Keeps the process until `close`. */
  lookAfterGrants(): void;
  close(): Promise<void>;
}

/** A client's first questions come before that. */
const firstLookMs = 2_000;
const nextLookMs = 60_000;
/** A process that serves one question and goes should not have asked every disk. */
const firstSampleMs = 60_000;
/** Peaks of memory last minutes, and a sample costs the engine milliseconds. */
const useEveryMs = 5 * 60_000;

/** Opens a home for serving. `demo` is the passphrase of the demo home's approver, which its page shows. */
export function openHouse(
  home: Home,
  { stderr, env, platform }: Pick<Surroundings, "stderr" | "env" | "platform">,
  demo?: { passphrase: string },
): OpenHouse {
  const { config, folder } = home;
  makeStateFolder(folder);
  const key = ownedSecret(folder, "page.key");
  const token = config.http.token ? openSecret(config.http.token) : ownedSecret(folder, "http.token");
  const onError = (error: unknown) =>
    steward.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const usualFolder = stateFolder({ env: { ...env, HOME_STEWARD_HOME: undefined }, platform, home: homedir() });
  const installation = { node: process.execPath, program: ownProgram, folder, usualFolder, platform };
  const steward = openSteward({
    config,
    folder,
    version: version(),
    clock: systemClock,
    moreSecrets: [key, token, ...(demo ? [demo.passphrase] : [])],
    writeLog: (line) => void stderr.write(line),
    // A simulated home dies with its process: there is nothing left to look after.
    ...(demo ? {} : { guard: () => startGuard(ownProgram, home.file ? ["--config", home.file] : [], onError) }),
    pageUrl: async (planId) => `${await (await finder()).url()}/plans/${encodeURIComponent(planId)}`,
    approveCommand: (planId) => terminalCommand(["approve", planId], installation),
  });
  // Loaded with the first visitor: most processes that serve a client never show the page.
  const built = once(async () => {
    const { createPage } = await import("./web/page.ts");
    return createPage({ approvals: await steward.gate(), clock: systemClock, ...(demo ? { demo } : {}) });
  });
  const page: Room = async (req, res) => (await built())(req, res);
  const { host, port } = config.http;
  // Node's HTTP costs a tenth of a start, and is needed with the first plan.
  const finder = once(async () => {
    const { pageFinder } = await import("./mcp/page-finder.ts");
    return pageFinder({ folder, key, host, port, page, onError });
  });
  const repeated: Repeated[] = [];
  return {
    steward,
    finder,
    page,
    token,
    key,
    lookAfterPlans() {
      const look = async () => {
        // Without a database there never was a plan, and none is made for looking.
        const { unknown } = existsSync(join(folder, "steward.db"))
          ? await (await steward.gate()).recover()
          : { unknown: 0 };
        if (unknown > 0) again(nextLookMs);
      };
      const again = (ms: number) => void setTimeout(() => look().catch((error: unknown) => onError(error)), ms).unref();
      again(firstLookMs);
    },
    lookAfterDisks() {
      if (!configuredSystems(config).includes("smart")) return;
      const every_ms = config.disk_history.every_min * 60_000;
      repeated.push(repeat(steward.sampleDisks, { first_ms: firstSampleMs, every_ms, clock: systemClock, onError }));
    },
    lookAfterUse() {
      if (!configuredSystems(config).includes("docker")) return;
      const sample = (signal: AbortSignal) => steward.sampleUse(useEveryMs, signal);
      repeated.push(repeat(sample, { first_ms: firstSampleMs, every_ms: useEveryMs, clock: systemClock, onError }));
    },
    lookAfterGrants() {
      if (config.read_only) return;
      const every_ms = config.automations.every_s * 1_000;
      // Without a database nothing was ever allowed, and none is made for looking.
      const look = async (signal: AbortSignal) =>
        existsSync(join(folder, "steward.db")) ? steward.useGrants(signal) : 0;
      repeated.push(repeat(look, { first_ms: every_ms, every_ms, clock: systemClock, onError }));
    },
    async close() {
      await Promise.all(repeated.map((one) => one.stop()));
      await steward.close();
      if (finder.called()) await (await finder()).close();
    },
  };
}
