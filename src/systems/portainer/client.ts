import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { StewardError } from "../../shared/errors.ts";
import { type PortainerConnection, portainerDoor } from "./door.ts";

/** Portainer's HTTP API: one call, one answer in JSON. */
export interface PortainerClient {
  /**
   * Asks twice where the connection was lost: reading changes nothing. Errors: unreachable, timeout, refused (key, role),
   * not_found, wrong_answer.
   */
  get(path: string, signal?: AbortSignal): Promise<unknown>;
  /** Sent once. Errors also: conflict (Portainer tried and failed, or the answer was lost: the message says which). */
  put(path: string, body: object, signal?: AbortSignal): Promise<unknown>;
  close(): void;
}

export interface Deadlines {
  read_ms: number;
  /** Portainer answers when the containers are up, those that others wait for healthy. */
  change_ms: number;
}

const most_bytes = 16 * 1024 * 1024;
const usual: Deadlines = { read_ms: 15_000, change_ms: 600_000 };

/** A connection was lost, or nothing came in time: the call may have been heard. */
class Unanswered extends StewardError {}

export function portainerClient(connection: PortainerConnection, deadlines: Deadlines = usual): PortainerClient {
  const { at, secure, path: before, agent, mayBeUsed } = portainerDoor(connection, 8);
  const start = secure ? requestSecure : requestPlain;

  async function ask(method: "GET" | "PUT", path: string, sent: string | null, signal?: AbortSignal) {
    mayBeUsed();
    const deadline_ms = sent === null ? deadlines.read_ms : deadlines.change_ms;
    const late = AbortSignal.timeout(deadline_ms);
    const either = signal === undefined ? late : AbortSignal.any([signal, late]);
    try {
      const { status, text } = await exchange(method, path, sent, either);
      if (status >= 200 && status < 300) return parsed(text);
      throw refusal(status, text, sent !== null);
    } catch (error) {
      if (late.aborted) throw tooLate(deadline_ms);
      if (signal?.aborted) throw signal.reason;
      if (untrusted(error)) throw notVerified(error);
      throw error instanceof StewardError ? error : lost(at.host, error);
    }
  }

  function exchange(method: string, path: string, sent: string | null, signal: AbortSignal) {
    const headers = {
      "x-api-key": connection.apiKey,
      accept: "application/json",
      ...(sent === null ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(sent) }),
    };
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const call = start({ ...at, agent, method, path: `${before}/api${path}`, headers, signal }, (answer) => {
        const pieces: Buffer[] = [];
        let size = 0;
        answer.on("data", (piece: Buffer) => {
          size += piece.length;
          if (size <= most_bytes) pieces.push(piece);
          else answer.destroy(wrongAnswer("more than anybody asked for"));
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString("utf8") }),
        );
      });
      call.on("error", reject);
      call.end(sent ?? undefined);
    });
  }

  return {
    async get(path, signal) {
      try {
        return await ask("GET", path, null, signal);
      } catch (error) {
        if (error instanceof Unanswered && error.code === "unreachable") return ask("GET", path, null, signal);
        throw error;
      }
    },
    async put(path, body, signal) {
      try {
        return await ask("PUT", path, JSON.stringify(body), signal);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        throw new StewardError(
          "conflict",
          `${error.message} What was asked of it may have been done.`,
          "Look at the stack in Portainer.",
          { cause: error },
        );
      }
    },
    close: () => agent.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongAnswer("something that is not JSON", error);
  }
}

/** Its own sentence is text from outside: for the log only. */
function refusal(status: number, text: string, changing: boolean): StewardError {
  const cause = new Error(`${status} ${text.slice(0, 500)}`);
  if (status === 401)
    return new StewardError("refused", "Portainer does not take this API key.", "Correct portainer.api_key.", {
      cause,
    });
  if (status === 403)
    return new StewardError(
      "refused",
      "Portainer does not let this API key do that.",
      "Give its user access to that environment and stack.",
      { cause },
    );
  if (status === 404)
    return new StewardError("not_found", "Portainer knows nothing of it.", "Look at its stacks.", { cause });
  if (changing && status >= 400)
    return new StewardError(
      "conflict",
      "Portainer tried to deploy the stack and failed.",
      "Its own log and notifications say why.",
      { cause },
    );
  return wrongAnswer(`with status ${status}`, cause);
}

export const wrongAnswer = (what: string, cause?: unknown) =>
  new StewardError("wrong_answer", `Portainer answered ${what}.`, "Check portainer.url.", { cause });

const tooLate = (ms: number) =>
  new Unanswered("timeout", `Portainer did not answer within ${ms / 1000} s.`, "See whether it is overloaded.");

/** What Node says of a certificate that nobody vouches for, by its code. */
const untrusted = (error: unknown) =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /CERT|ALTNAME|SIGNATURE|ISSUER/.test(error.code);

const notVerified = (cause: unknown) =>
  new StewardError(
    "refused",
    "The certificate that Portainer shows can't be verified.",
    "Set portainer.fingerprint to the one home-steward doctor shows, after comparing it on that machine.",
    { cause },
  );

const lost = (host: string, cause: unknown) =>
  new Unanswered("unreachable", `Portainer at ${host} does not answer.`, "Check that it runs and can be reached.", {
    cause,
  });
