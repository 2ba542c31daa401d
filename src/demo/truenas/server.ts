import { setTimeout as sleep } from "node:timers/promises";
import type { RawData, WebSocket } from "ws";
import type { Fault } from "./faults.ts";
import type { Asked, Trouble, Wire } from "./framings.ts";
import type { Middleware, Visitor } from "./middleware.ts";
import { type Entry, Refusal, type Value } from "./model.ts";

/** What went over the wire, for those who want to see or check it. */
export interface Exchange {
  method: string;
  params: readonly Value[];
  /** Null where it was refused or never answered. */
  answer: { value: Value } | null;
}

export interface Hall {
  middleware: Middleware;
  wire: Wire;
  fault(method: string): Fault | null;
  exchanged(exchange: Exchange): void;
}

const limits = { before: 8 * 1024, after: 64 * 1024, running: 10, queued: 20 };

/** Serves one socket as the middleware does: greeting, limits, calls, events of jobs. */
export function serve(socket: WebSocket, hall: Hall): void {
  const { middleware, wire } = hall;
  const visitor: Visitor = { loggedIn: false, failedBefore: false };
  const seen = new Set<Value>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let deafen = () => {};
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const tell = (job: Entry) => {
    send(wire.job(seen.has(job.id ?? null) ? "changed" : "added", job));
    seen.add(job.id ?? null);
  };
  socket.on("close", () => deafen());
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => {
    const text = textOf(data);
    if (Buffer.byteLength(text) > (visitor.loggedIn ? limits.after : limits.before)) return socket.close(1009);
    const asked = read(wire, text);
    if (asked.kind === "nonsense") return socket.close(1003, asked.why);
    if (asked.kind === "hello") return send(wire.hello() ?? {});
    if (asked.kind === "subscribe") {
      const fault = hall.fault("core.subscribe");
      if (fault?.kind === "error") return send(wire.notSubscribed(asked.id, { ...fault, attribute: null }));
      deafen();
      deafen = middleware.jobs.listen(tell);
      const { subscription: value } = wire;
      if (value !== null) hall.exchanged({ method: "core.subscribe", params: [asked.event], answer: { value } });
      return send(wire.subscribed(asked.id));
    }
    return void enqueue(asked);
  });

  async function enqueue(asked: Extract<Asked, { kind: "call" }>): Promise<void> {
    if (running >= limits.running) {
      if (waiting.length >= limits.queued) {
        const reason = "Maximum number of concurrent calls (20) has exceeded.";
        return send(wire.trouble(asked.id, { errname: "EBUSY", reason, attribute: null }));
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      await answer(asked);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  async function answer({ id, method, params }: Extract<Asked, { kind: "call" }>): Promise<void> {
    const fault = hall.fault(method);
    if (fault?.kind === "slow") await sleep(fault.ms, undefined, { ref: false });
    if (fault?.kind === "hang") return hall.exchanged({ method, params, answer: null });
    // Cut after it was done: the worst moment for who waits for the answer.
    const { message, value } = outcome(id, method, params, fault);
    hall.exchanged({ method, params, answer: value });
    if (fault?.kind === "cut") socket.terminate();
    else if (fault?.kind === "garbage") socket.send("\u0000{{{");
    else if (fault?.kind === "wrong_shape") send(wire.result(id, { nothing: "of what was asked" }));
    else send(message);
  }

  function outcome(id: string, method: string, params: readonly Value[], fault: Fault | null) {
    try {
      if (fault?.kind === "error") throw new Refusal(fault.errname, fault.reason);
      const value = middleware.call(visitor, method, params);
      return { message: wire.result(id, value), value: { value } };
    } catch (error) {
      return { message: wire.trouble(id, troubleOf(error)), value: null };
    }
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof Refusal) return { errname: error.errname, reason: error.message, attribute: error.attribute };
  return { errname: "EFAULT", reason: "the fake made a mistake", attribute: null };
}

function read(wire: Wire, text: string): Asked {
  try {
    return wire.read(JSON.parse(text));
  } catch {
    return { kind: "nonsense", why: "no JSON" };
  }
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString(
    "utf8",
  );
}
