import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Door, openDoor, type Room, urlOf } from "./door.ts";

/**
 * Several processes share one home and one page. Whoever needs the page first looks whether another process already
 * serves it: on the configured port or on the one noted in the state folder. A server that answers there has to prove
 * that it knows this installation's key; whatever else sits on the port is no page of ours.
 */
export interface PageFinder {
  /** The page's own address without a path; opens the page here when nobody serves it. */
  url(): Promise<string>;
  /** Proves to other processes that this one serves our page. */
  room: Room;
  /** Says that this process serves the page itself. */
  servedAt(url: string): void;
  close(): Promise<void>;
}

export interface PageFinderOptions {
  folder: string;
  /** This installation's key (see {@link ownedSecret}). */
  key: string;
  host: string;
  port: number;
  /** What the page consists of. */
  page: Room;
  onError(error: unknown): void;
}

const identityPath = "/identity";
const noteName = "page.port";
const probeMs = 1_000;

export function pageFinder({ folder, key, host, port, page, onError }: PageFinderOptions): PageFinder {
  let own: Promise<Door> | undefined;
  let served: string | undefined;
  const room = identityRoom(key);

  const search = async (): Promise<string | undefined> => {
    for (const at of new Set([port, notedPort(folder)])) {
      if (at && (await isOurs(urlOf(host, at), key))) return urlOf(host, at);
    }
    return undefined;
  };
  const open = async (): Promise<Door> => {
    const rooms = [room, page];
    const door = await openDoor({ host, port, rooms, onError }).catch(() =>
      openDoor({ host, port: 0, rooms, onError }),
    );
    writeFileSync(join(folder, noteName), `${door.port}\n`, { mode: 0o600 });
    return door;
  };
  return {
    room,
    async url() {
      if (served) return served;
      if (!own) {
        const found = await search();
        if (found) return found;
      }
      // One page a process, also for two plans at once; a failed start is tried again with the next plan.
      own ??= open();
      return own.then(
        (door) => door.url,
        (error: unknown) => {
          own = undefined;
          throw error;
        },
      );
    },
    servedAt(url) {
      served = url;
    },
    close: async () => (await own)?.close(),
  };
}

function identityRoom(key: string): Room {
  return async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://localhost");
    if (pathname !== identityPath) return false;
    const nonce = searchParams.get("nonce") ?? "";
    const valid = /^[\w-]{16,64}$/.test(nonce);
    res.writeHead(valid ? 200 : 400, { "content-type": "text/plain", "cache-control": "no-store" });
    res.end(valid ? proof(key, nonce) : "");
    return true;
  };
}

/** Whether a page of the installation with that key answers there. */
export async function isOurs(url: string, key: string): Promise<boolean> {
  const nonce = randomBytes(16).toString("hex");
  try {
    const answer = await fetch(`${url}${identityPath}?nonce=${nonce}`, {
      signal: AbortSignal.timeout(probeMs),
      redirect: "error",
    });
    const shown = Buffer.from((await answer.text()).slice(0, 128));
    const expected = Buffer.from(proof(key, nonce));
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  } catch {
    return false;
  }
}

const proof = (key: string, nonce: string) => createHmac("sha256", key).update(`page ${nonce}`).digest("hex");

function notedPort(folder: string): number | undefined {
  try {
    const noted = Number(readFileSync(join(folder, noteName), "utf8"));
    return Number.isInteger(noted) && noted > 0 && noted < 65_536 ? noted : undefined;
  } catch {
    return undefined;
  }
}
