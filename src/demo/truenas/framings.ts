import type { Entry, Value } from "./model.ts";

/** A message that came in, whichever framing it was in. */
export type Asked =
  | { kind: "hello" }
  | { kind: "call"; id: string; method: string; params: readonly Value[] }
  | { kind: "subscribe"; id: string; event: string }
  | { kind: "nonsense"; why: string };

/** What is refused: errno's name, number, sentence, and the attribute where it was a validation. */
export interface Trouble {
  errname: string;
  reason: string;
  attribute: string | null;
}

/** How one framing is read and written. */
export interface Wire {
  read(message: unknown): Asked;
  hello(): object | null;
  result(id: string, value: Value): object;
  trouble(id: string, trouble: Trouble): object;
  subscribed(id: string): object;
  notSubscribed(id: string, trouble: Trouble): object;
  /** What a subscription answers where it is a call like others. */
  subscription: string | null;
  job(kind: "added" | "changed", job: Entry): object;
}

const numbers: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOMETHOD: 201,
  ENOTAUTHENTICATED: 207,
};

/** EJSON, as the middleware writes it. */
export function toEjson(value: Value): unknown {
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(toEjson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toEjson(inner)]));
}

const details = ({ errname, reason, attribute }: Trouble) => ({
  error: numbers[errname] ?? 14,
  errname,
  reason,
  trace: { class: "CallError", frames: [] },
  extra: attribute === null ? null : [[attribute, reason, numbers[errname] ?? 22]],
});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const asParams = (value: unknown): readonly Value[] => (Array.isArray(value) ? value : []);

/** /websocket. Names of errors are told from 24.10 on. */
export const ddp = (namesErrors: boolean): Wire => ({
  read(message) {
    if (!isObject(message)) return { kind: "nonsense", why: "no object" };
    const { msg, id, method, params, name } = message;
    if (msg === "connect") return { kind: "hello" };
    if (typeof id !== "string") return { kind: "nonsense", why: "no id" };
    if (msg === "method") return { kind: "call", id, method: String(method), params: asParams(params) };
    if (msg === "sub") return { kind: "subscribe", id, event: String(name) };
    return { kind: "nonsense", why: "an unknown msg" };
  },
  hello: () => ({ msg: "connected", session: "b2c84d58-7f1e-4c56-8c62-0c8c6f4f8a11" }),
  result: (id, value) => ({ id, msg: "result", result: toEjson(value) }),
  trouble(id, trouble) {
    const { errname, ...rest } = details(trouble);
    const type = trouble.attribute === null ? null : "VALIDATION";
    return { id, msg: "result", error: { ...rest, ...(namesErrors ? { errname } : {}), type } };
  },
  subscribed: (id) => ({ msg: "ready", subs: [id] }),
  notSubscribed: (id, trouble) => ({ msg: "nosub", id, error: details(trouble) }),
  subscription: null,
  job: (kind, job) => ({ msg: kind, collection: "core.get_jobs", id: job.id, fields: toEjson(job) }),
});

function rpcTrouble(id: string, trouble: Trouble): object {
  const code = trouble.errname === "ENOMETHOD" ? -32601 : trouble.attribute === null ? -32001 : -32602;
  const message = code === -32001 ? "Method call error" : code === -32601 ? "Method does not exist" : "Invalid params";
  return { jsonrpc: "2.0", error: { code, message, data: details(trouble) }, id };
}

const subscriptionId = "6a1b0c9e-5b7a-4c7e-9a41-1f6b0d3c2e55";

/** /api/current */
export const rpc: Wire = {
  read(message) {
    if (!isObject(message)) return { kind: "nonsense", why: "no object" };
    const { jsonrpc, id, method, params } = message;
    if (jsonrpc !== "2.0" || typeof id !== "string" || typeof method !== "string" || !Array.isArray(params))
      return { kind: "nonsense", why: "not JSON-RPC 2.0" };
    if (method === "core.subscribe") return { kind: "subscribe", id, event: String(params[0]) };
    return { kind: "call", id, method, params };
  },
  hello: () => null,
  result: (id, value) => ({ jsonrpc: "2.0", result: toEjson(value), id }),
  trouble: rpcTrouble,
  subscribed: (id) => ({ jsonrpc: "2.0", result: subscriptionId, id }),
  notSubscribed: (id, trouble) => rpcTrouble(id, trouble),
  subscription: subscriptionId,
  job: (kind, job) => ({
    jsonrpc: "2.0",
    method: "collection_update",
    params: { msg: kind, collection: "core.get_jobs", id: job.id, fields: toEjson(job) },
  }),
};
