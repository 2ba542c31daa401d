import { z } from "zod";
import type { Json, JsonObject } from "../../shared/json.ts";
import { type CallFailure, sentenceName } from "./failures.ts";

/** What came over the socket, whichever framing it was in. */
export type Heard =
  | { kind: "result"; id: string; value: Json }
  | { kind: "failure"; id: string; failure: CallFailure }
  | { kind: "job"; fields: JsonObject }
  | { kind: "other" };

/** One way to write calls and to read answers. */
export interface Framing {
  path: "/websocket" | "/api/current";
  /** Sent first, answered under its id; null where there is no greeting. */
  hello: { id: string; message: JsonObject } | null;
  call(id: string, method: string, params: readonly Json[]): JsonObject;
  subscribe(id: string, event: string): JsonObject;
  /** Throws for what is none of its messages. */
  hear(message: unknown): Heard;
}

// It came out of JSON.parse: walking ten thousand snapshots again would tell nothing new.
const json = z.custom<Json>((value) => value !== undefined);
const fields = z.record(z.string(), json);
const told = z.looseObject({
  error: z.number().nullish(),
  errname: z.string().nullish(),
  type: z.string().nullish(),
  reason: z.string().nullish(),
});
// middlewared's own, beside the system's.
const ownNumbers: Readonly<Record<number, string>> = {
  2: "ENOENT",
  201: "ENOMETHOD",
  205: "EDATASETISLOCKED",
  207: "ENOTAUTHENTICATED",
};

/** 24.x tells no name, but a number and a sentence that begins with "[ENOENT]". */
function nameIn({ errname, error, reason, type }: z.infer<typeof told>): string {
  const told = errname ?? sentenceName(reason ?? "");
  if (told !== "") return told;
  return ownNumbers[error ?? 0] ?? (type === "VALIDATION" ? "EINVAL" : "");
}

const legacyMessage = z.discriminatedUnion("msg", [
  z.object({ msg: z.literal("result"), id: z.string(), result: json.optional(), error: told.nullish() }),
  z.object({ msg: z.literal("connected") }),
  z.object({ msg: z.literal("failed") }),
  z.object({ msg: z.literal("ready"), subs: z.array(z.string()) }),
  z.object({ msg: z.literal("nosub"), id: z.string(), error: told.nullish() }),
  z.object({ msg: z.enum(["added", "changed", "removed"]), collection: z.string(), fields: fields.nullish() }),
]);
const legacyKinds = new Set(["result", "connected", "failed", "ready", "nosub", "added", "changed", "removed"]);

const failed = (id: string, error: z.infer<typeof told>): Heard => ({
  kind: "failure",
  id,
  failure: { name: nameIn(error), reason: error.reason ?? "" },
});

const aboutJob = (collection: string, about: JsonObject | null | undefined): Heard =>
  collection === "core.get_jobs" && about ? { kind: "job", fields: about } : { kind: "other" };

/** 24.04 and 24.10: like Meteor's DDP. */
export const legacy: Framing = {
  path: "/websocket",
  hello: { id: "connect", message: { msg: "connect", version: "1", support: ["1"] } },
  call: (id, method, params) => ({ id, msg: "method", method, params }),
  subscribe: (id, event) => ({ id, msg: "sub", name: event }),
  hear(message) {
    const kind = z.looseObject({ msg: z.string() }).parse(message).msg;
    if (!legacyKinds.has(kind)) return { kind: "other" };
    const heard = legacyMessage.parse(message);
    switch (heard.msg) {
      case "result":
        return heard.error
          ? failed(heard.id, heard.error)
          : { kind: "result", id: heard.id, value: heard.result ?? null };
      case "connected":
        return { kind: "result", id: "connect", value: null };
      case "failed":
        return failed("connect", { reason: "another protocol version" });
      case "ready":
        return { kind: "result", id: heard.subs[0] ?? "", value: null };
      case "nosub":
        return failed(heard.id, heard.error ?? {});
      default:
        return aboutJob(heard.collection, heard.fields);
    }
  },
};

const rpcMessage = z.union([
  z.object({ id: z.string(), result: json }),
  z.object({
    id: z.string().nullable(),
    error: z.object({ code: z.number(), message: z.string(), data: told.nullish() }),
  }),
  z.object({ method: z.string(), params: z.unknown() }),
]);
const update = z.object({ collection: z.string(), fields: fields.nullish() });
const rpcCodes: Readonly<Record<number, string>> = {
  [-32000]: "TOO_MANY_CALLS",
  [-32601]: "METHOD_NOT_FOUND",
  [-32602]: "INVALID_PARAMS",
};

/** 25.04 and later: JSON-RPC 2.0. */
export const jsonRpc: Framing = {
  path: "/api/current",
  hello: null,
  call: (id, method, params) => ({ jsonrpc: "2.0", id, method, params }),
  subscribe: (id, event) => ({ jsonrpc: "2.0", id, method: "core.subscribe", params: [event] }),
  hear(message) {
    const heard = rpcMessage.parse(message);
    if ("result" in heard) return { kind: "result", id: heard.id, value: heard.result };
    if ("error" in heard) {
      const { code, message: sentence, data } = heard.error;
      const error = { ...data, reason: data?.reason ?? sentence };
      const name = rpcCodes[code];
      return failed(heard.id ?? "", name === undefined ? error : { ...error, errname: name });
    }
    if (heard.method !== "collection_update") return { kind: "other" };
    const { collection, fields: about } = update.parse(heard.params);
    return aboutJob(collection, about);
  },
};
