import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How an engine misbehaves on the wire. `slow` waits first and then answers. */
export type Fault =
  | { kind: "slow"; ms: number }
  | { kind: "hang" }
  | { kind: "status"; status: number }
  | { kind: "redirect"; to: string }
  | { kind: "cut_off" }
  | { kind: "hang_up" }
  | { kind: "garbage" }
  | { kind: "not_http" }
  | { kind: "html" }
  | { kind: "wrong_shape" }
  | { kind: "endless" };

/** Faults of a fake, switched on and off while it runs. */
export interface Faults {
  /** For requests whose path (with query, without version) matches; for the next `times` of them, or until cleared. */
  set(fault: Fault, options?: { path?: RegExp; times?: number }): void;
  clear(): void;
}

/** Answers in the engine's place where a fault is set. True means: answered (or left hanging). */
export type Misbehave = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function faultBoard(): { faults: Faults; misbehave: Misbehave } {
  let active: { fault: Fault; path: RegExp; times: number } | null = null;
  return {
    faults: {
      set(fault, { path = /^/, times = Number.POSITIVE_INFINITY } = {}) {
        active = { fault, path, times };
      },
      clear() {
        active = null;
      },
    },
    async misbehave(path, request, response) {
      if (active === null || active.times <= 0 || !active.path.test(path)) return false;
      active.times -= 1;
      const { fault } = active;
      if (fault.kind === "slow") {
        await sleep(fault.ms);
        return false;
      }
      if (fault.kind === "redirect") response.writeHead(307, { location: fault.to }).end();
      else answers[fault.kind](request, response, "status" in fault ? fault.status : 200);
      return true;
    },
  };
}

const answers: Record<
  Exclude<Fault["kind"], "slow" | "redirect">,
  (request: IncomingMessage, response: ServerResponse, status: number) => void
> = {
  hang: () => {},
  hang_up: (request) => request.socket.destroy(),
  status: (_, response, status) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message: "it said no" })),
  cut_off: (request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 5000 });
    response.write('[{"Id":"', () => request.socket.destroy());
  },
  garbage: (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("\u0000\u0007{{{"),
  not_http: (request) => request.socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  html: (_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Router login</title>"),
  wrong_shape: (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"containers":"none"}'),
  endless: (request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const chunk = Buffer.alloc(256 * 1024, " ");
    const more = () => {
      while (!request.socket.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  },
};
