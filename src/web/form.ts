import type { IncomingMessage } from "node:http";
import type { Clock } from "../shared/clock.ts";
import { Refusal } from "./refusal.ts";

const maxBytes = 4096;
const maxWaitMs = 10_000;

/** Reads a posted form of at most 4 KiB, sent within ten seconds. Errors: 408, 413, 415. */
export async function readForm(req: IncomingMessage, clock: Clock): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(req.headers["content-type"] ?? ""))
    throw new Refusal(415, "This page reads forms only.", "Use the page's own buttons.");
  const done = new AbortController();
  const tooSlow = clock.sleep(maxWaitMs, done.signal).then(() => {
    throw new Refusal(408, "The form took too long to arrive.", "Go back and try again.", { connection: "close" });
  });
  try {
    return await Promise.race([readAll(req), tooSlow]);
  } finally {
    done.abort();
    tooSlow.catch(() => {}); // the sleep that was called off
  }
}

async function readAll(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed at the limit: the answer still has to go out on this connection.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new Refusal(413, "This form is too large.", "Use the page's own fields.", { connection: "close" });
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}
