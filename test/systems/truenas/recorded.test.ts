import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Json } from "../../../src/shared/json.ts";
import { fromEjson } from "../../../src/systems/truenas/ejson.ts";
import { refusal } from "../../../src/systems/truenas/failures.ts";
import { jsonRpc } from "../../../src/systems/truenas/framing.ts";

const folder = new URL("../../../../shared/contracts/truenas/recorded-25.10.1/", import.meta.url);
const recording = z.object({
  interactions: z.array(
    z.object({
      method: z.string(),
      params: z.array(z.json()).nullish(),
      result: z.json().optional(),
      error: z.object({ code: z.number(), message: z.string() }).optional(),
    }),
  ),
});
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
const recorded = files.flatMap((file) =>
  recording
    .parse(JSON.parse(readFileSync(new URL(file, folder), "utf8")))
    .interactions.map((one) => ({ file, ...one })),
);

/** As it came over the wire; the recorder kept the sentence of an error and not its name. */
function heard({ result, error }: (typeof recorded)[number]) {
  if (error === undefined) return jsonRpc.hear({ jsonrpc: "2.0", id: "1", result: result ?? null });
  const data = { error: error.code, reason: error.message };
  return jsonRpc.hear({ jsonrpc: "2.0", id: "1", error: { code: -32001, message: "Method call error", data } });
}

describe.skipIf(files.length === 0)("what a real 25.10.1 answered (skipped where the recordings are not here)", () => {
  it("is thirty-two recordings", () => {
    expect(files).toHaveLength(32);
  });

  it.each(recorded)("$file: $method", (one) => {
    const message = heard(one);
    if (message.kind === "result") {
      const text = JSON.stringify(fromEjson(message.value));
      expect(text).not.toMatch(/"\$(?:date|set|time|type)"/);
    } else {
      if (message.kind !== "failure") throw new Error("an answer is a result or a failure");
      const told = refusal(one.method, message.failure);
      expect(["not_found", "bad_input", "conflict", "refused"]).toContain(told.code);
      expect(told.message).not.toContain("default/");
    }
  });

  it("has a pool whose scrub ended on 5 April 2026", () => {
    const pool = recorded.find(({ file }) => file === "TestContract_PoolQuery.json")?.result ?? null;
    const shape = z.array(z.object({ name: z.string(), guid: z.string(), scan: z.object({ end_time: z.number() }) }));
    expect(shape.parse(fromEjson(pool))).toEqual([
      { name: "default", guid: "14266138055396837770", scan: { end_time: Date.UTC(2026, 3, 5, 14, 36, 32) } },
    ]);
  });

  it("names what is not there, and what was wrong", () => {
    const first = (method: string, said: string) => {
      const found = recorded.find((one) => one.method === method && one.error?.message.includes(said));
      const message = found && heard(found);
      return message?.kind === "failure" ? refusal(method, message.failure).code : null;
    };
    expect(first("pool.dataset.delete", "does not exist")).toBe("not_found");
    expect(first("pool.dataset.create", "already exists")).toBe("conflict");
  });
});

describe("EJSON", () => {
  it("leaves what has no such word as it is", () => {
    const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"$'));
    const same = (value: unknown) => {
      const json: Json = JSON.parse(JSON.stringify(value));
      expect(fromEjson(json)).toEqual(json);
    };
    fc.assert(fc.property(plain, same));
  });

  it.each<[Json, Json]>([
    [{ $date: 1_775_399_792_000 }, 1_775_399_792_000],
    [{ $time: "02:30:00" }, "02:30:00"],
    [{ $set: [1, { $date: 5 }] }, [1, 5]],
    [{ $type: "date", $value: "2026-04-05" }, "2026-04-05"],
    [{ $ipv4_interface: "10.0.0.2/24" }, "10.0.0.2/24"],
    [[{ deep: { at: { $date: 7 } } }], [{ deep: { at: 7 } }]],
    // What only looks like it stays as it is.
    [{ $date: "tomorrow" }, { $date: "tomorrow" }],
    [
      { $date: 5, more: true },
      { $date: 5, more: true },
    ],
    [
      { $type: "date", $value: 5 },
      { $type: "date", $value: 5 },
    ],
    [{}, {}],
    [null, null],
  ])("%j is %j", (written, meant) => {
    expect(fromEjson(written)).toEqual(meant);
  });
});
