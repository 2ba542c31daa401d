import type { Surroundings } from "./cli/command.ts";
import type { Home } from "./cli/home.ts";
import { version } from "./cli/version.ts";
import { openSecret } from "./config/secret.ts";
import type { Room } from "./mcp/door.ts";
import { ownedSecret } from "./mcp/owned-file.ts";
import { type PageFinder, pageFinder } from "./mcp/page-finder.ts";
import { systemClock } from "./shared/clock.ts";
import { openSteward, type Steward } from "./steward.ts";
import { stateFolder as makeStateFolder } from "./store/database.ts";
import { createPage } from "./web/page.ts";

/** A Home Steward that runs in this process, with its page. */
export interface OpenHouse {
  steward: Steward;
  finder: PageFinder;
  page: Room;
  /** What an HTTP client has to show. */
  token: string;
  close(): Promise<void>;
}

/** Opens a home for serving. `demo` is the passphrase of the demo home's approver, which its page shows. */
export function openHouse(
  home: Home,
  { stderr }: Pick<Surroundings, "stderr">,
  demo?: { passphrase: string },
): OpenHouse {
  const { config, folder } = home;
  makeStateFolder(folder);
  const key = ownedSecret(folder, "page.key");
  const token = config.http.token ? openSecret(config.http.token) : ownedSecret(folder, "http.token");
  const steward = openSteward({
    config,
    folder,
    version: version(),
    clock: systemClock,
    moreSecrets: [key, token, ...(demo ? [demo.passphrase] : [])],
    writeLog: (line) => void stderr.write(line),
    pageUrl: async (planId) => `${await finder.url()}/plans/${encodeURIComponent(planId)}`,
  });
  const page = createPage({ approvals: steward.gate, clock: systemClock, ...(demo ? { demo } : {}) });
  const onError = (error: unknown) => steward.log.error(`page: ${String(error)}`);
  const finder = pageFinder({ folder, key, host: config.http.host, port: config.http.port, page, onError });
  return {
    steward,
    finder,
    page,
    token,
    async close() {
      await finder.close();
      await steward.close();
    },
  };
}
