import { describe, expect, it } from "vitest";
import { featuresOf } from "../../../src/systems/truenas/features.ts";
import { jsonRpc, legacy } from "../../../src/systems/truenas/framing.ts";

describe("the framing of /websocket", () => {
  it("greets, calls and subscribes", () => {
    expect(legacy.hello?.message).toEqual({ msg: "connect", version: "1", support: ["1"] });
    expect(legacy.call("7", "pool.query", [[]])).toEqual({
      id: "7",
      msg: "method",
      method: "pool.query",
      params: [[]],
    });
    expect(legacy.subscribe("8", "core.get_jobs")).toEqual({ id: "8", msg: "sub", name: "core.get_jobs" });
  });

  it.each([
    [
      { msg: "connected", session: "x" },
      { kind: "result", id: "connect", value: null },
    ],
    [
      { msg: "failed", version: "1" },
      { kind: "failure", id: "connect" },
    ],
    [
      { msg: "result", id: "1", result: true },
      { kind: "result", id: "1", value: true },
    ],
    [
      { msg: "result", id: "1", result: null },
      { kind: "result", id: "1", value: null },
    ],
    [
      { msg: "ready", subs: ["2"] },
      { kind: "result", id: "2", value: null },
    ],
    [
      { msg: "nosub", id: "2", error: { error: 13, reason: "[EACCES] no" } },
      { kind: "failure", failure: { name: "EACCES" } },
    ],
    [
      { msg: "changed", collection: "core.get_jobs", id: 3, fields: { id: 3 } },
      { kind: "job", fields: { id: 3 } },
    ],
    [{ msg: "changed", collection: "alert.list", id: "a", fields: {} }, { kind: "other" }],
    // What a later release may say.
    [{ msg: "news", of: "tomorrow" }, { kind: "other" }],
  ])("hears %j", (message, heard) => {
    expect(legacy.hear(message)).toMatchObject(heard);
  });

  it.each([
    [{ error: 2, errname: "ENOENT", type: null, reason: "[ENOENT] gone" }, "ENOENT"],
    // 24.04 tells no errname.
    [{ error: 2, type: null, reason: "[ENOENT] gone" }, "ENOENT"],
    [{ error: 201, type: null, reason: "Method not found" }, "ENOMETHOD"],
    [{ error: 22, type: "VALIDATION", reason: "not a valid name" }, "EINVAL"],
    [{ error: 14, reason: "something" }, ""],
  ])("finds the name in %j", (error, name) => {
    expect(legacy.hear({ msg: "result", id: "1", error })).toMatchObject({ kind: "failure", failure: { name } });
  });

  it.each([[null], [[]], [{}], [{ msg: "result" }], ["pong"], [{ msg: "ready" }]])("throws for %j", (message) => {
    expect(() => legacy.hear(message)).toThrow();
  });
});

describe("JSON-RPC 2.0", () => {
  it("calls with a list, and subscribes by a call", () => {
    expect(jsonRpc.hello).toBe(null);
    expect(jsonRpc.call("7", "pool.query", [])).toEqual({ jsonrpc: "2.0", id: "7", method: "pool.query", params: [] });
    expect(jsonRpc.subscribe("8", "core.get_jobs")).toMatchObject({
      method: "core.subscribe",
      params: ["core.get_jobs"],
    });
  });

  it.each([
    [
      { jsonrpc: "2.0", id: "1", result: null },
      { kind: "result", id: "1", value: null },
    ],
    [
      {
        jsonrpc: "2.0",
        id: "1",
        error: { code: -32602, message: "Invalid params", data: { errname: "EINVAL", extra: [] } },
      },
      { kind: "failure", failure: { name: "INVALID_PARAMS" } },
    ],
    [{ jsonrpc: "2.0", id: "1", error: { code: -32601, message: "none" } }, { failure: { name: "METHOD_NOT_FOUND" } }],
    [{ jsonrpc: "2.0", id: "1", error: { code: -32000, message: "busy" } }, { failure: { name: "TOO_MANY_CALLS" } }],
    [
      {
        jsonrpc: "2.0",
        id: "1",
        error: { code: -32001, message: "x", data: { error: 16, errname: "EBUSY", reason: "[EBUSY] y" } },
      },
      { failure: { name: "EBUSY", reason: "[EBUSY] y" } },
    ],
    [
      { jsonrpc: "2.0", id: null, error: { code: -32700, message: "parse" } },
      { kind: "failure", id: "" },
    ],
    [
      {
        jsonrpc: "2.0",
        method: "collection_update",
        params: { msg: "added", collection: "core.get_jobs", id: 1, fields: { id: 1 } },
      },
      { kind: "job", fields: { id: 1 } },
    ],
    [{ jsonrpc: "2.0", method: "notify_unsubscribed", params: { collection: "core.get_jobs" } }, { kind: "other" }],
  ])("hears %j", (message, heard) => {
    expect(jsonRpc.hear(message)).toMatchObject(heard);
  });

  it.each([[null], [[]], [{ jsonrpc: "2.0" }], [{ jsonrpc: "2.0", id: "1" }]])("throws for %j", (message) => {
    expect(() => jsonRpc.hear(message)).toThrow();
  });
});

describe("what a version can do", () => {
  it.each([
    ["TrueNAS-SCALE-24.04.2.4", "24.04.2.4", "zfs.snapshot", "reading", "chart.release", "start_stop"],
    ["TrueNAS-SCALE-24.10-RC.1", "24.10", "zfs.snapshot", "middleware", "app", "start_stop"],
    ["TrueNAS-SCALE-24.10.2.4", "24.10.2.4", "zfs.snapshot", "middleware", "app", "start_stop"],
    ["25.04.2.6", "25.04.2.6", "zfs.snapshot", "middleware", "app", "start_stop"],
    ["25.10.1", "25.10.1", "pool.snapshot", "shell", "app", "control"],
    ["TrueNAS-25.10.1", "25.10.1", "pool.snapshot", "shell", "app", "control"],
    ["26.0.0-BETA.3", "26.0.0", "pool.snapshot", "shell", "app", "control"],
    ["27.1", "27.1", "pool.snapshot", "shell", "app", "control"],
  ])("%s", (said, version, snapshots, smart, apps, services) => {
    expect(featuresOf(said)).toEqual({ version, snapshots, smart, apps, services });
  });

  it.each(["TrueNAS-SCALE-23.10.2", "TrueNAS-13.0-U6.1", "22.12.4"])("%s is too old", (said) => {
    expect(() => featuresOf(said)).toThrow("older than Home Steward can speak with");
  });

  it.each(["", "MASTER", "Synology DSM"])("%j is no version", (said) => {
    expect(() => featuresOf(said)).toThrow("can't read");
  });
});
