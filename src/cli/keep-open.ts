import { type Door, urlOf } from "../mcp/door.ts";
import { serveHttp } from "../mcp/http.ts";
import { isOurs } from "../mcp/page-finder.ts";
import { mcpServer } from "../mcp/server.ts";
import { type OpenHouse, openHouse } from "../open-house.ts";
import { StewardError } from "../shared/errors.ts";
import type { Surroundings } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { greeting } from "./greeting.ts";
import type { Home } from "./home.ts";
import { untilSignalled } from "./signals.ts";

/** Serves a home over HTTP until a signal ends it. */
export async function keepOpen(home: Home, surroundings: Surroundings, demo?: { passphrase: string }): Promise<number> {
  const house = openHouse(home, surroundings, demo);
  const { log } = house.steward;
  for (const warning of home.warnings) log.warn(warning);
  const stop = untilSignalled();
  try {
    const door = await open(house);
    (await house.finder()).servedAt(door.url);
    surroundings.stdout.write(greeting({ home, url: door.url, token: house.token, ...(demo ? { demo } : {}) }));
    house.lookAfterPlans();
    house.lookAfterDisks();
    house.lookAfterUse();
    house.lookAfterGrants();
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve, { once: true }));
    await door.close();
  } finally {
    stop.forget();
    await house.close();
  }
  return exitCodes.done.code;
}

async function open({ steward, finder, page, token, key }: OpenHouse): Promise<Door> {
  const { host, port } = steward.config.http;
  try {
    return await serveHttp(mcpServer(steward.house), {
      host,
      port,
      token,
      rooms: [(await finder()).room, page],
      onResourceChange: steward.house.onResourceChange,
      onError: (error) => steward.log.warn(`http: ${error instanceof Error ? error.message : String(error)}`),
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    const ours = await isOurs(urlOf(host, port), key);
    throw new StewardError(
      "conflict",
      `Port ${port} is taken${ours ? " by another process of this Home Steward" : ""}.`,
      ours ? "Use that one, or end it first." : "Set another http.port in the configuration.",
      { cause: error },
    );
  }
}
