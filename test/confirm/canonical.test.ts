import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, isNormal, sha256 } from "../../src/confirm/canonical.ts";
import type { Json } from "../../src/shared/json.ts";

// Whole numbers only, and no "__proto__", which an object literal cannot carry as a plain key.
const text = fc.string({ unit: "grapheme" });
const key = text.filter((name) => name !== "__proto__").map((name) => name.normalize("NFC"));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    text.map((value) => value.normalize("NFC")),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("canonical JSON", () => {
  test("is written one way", () => {
    expect(canonical({ b: [1, true, null], a: { é: "x\n", B: -0 } })).toBe(
      '{"a":{"B":0,"é":"x\\n"},"b":[1,true,null]}',
    );
    expect(canonical("e\u0301")).toBe('"é"');
    expect(sha256(canonical({}))).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });

  test("reads back as what was written", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(value);
      }),
    );
  });

  test("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(key, json, { noNullPrototype: true }), (value) => {
        expect(canonical(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonical(value));
      }),
    );
  });

  test("tells different values apart", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        const same = canonical(a) === canonical(b);
        if (same) expect(a).toEqual(b); // only the order of keys differed
      }),
    );
  });

  test.each([
    ["a fraction", 0.1, "a number that is not a whole one"],
    ["a number too large to be exact", 2 ** 53, "a number that is not a whole one"],
    ["no number", Number.NaN, "a number that is not a whole one"],
    ["one key in two spellings", { "e\u0301": 1, "\u00e9": 2 }, "one key in two spellings"],
  ])("refuses %s", (_what, value, why) => {
    expect(() => canonical({ deep: [value] })).toThrow(`A plan cannot hold ${why}.`);
  });

  test("refuses what JSON cannot carry", () => {
    const smuggled: Json = JSON.parse('{"a":1}', () => undefined) ?? Reflect.get({}, "nothing");
    expect(() => canonical({ a: smuggled })).toThrow("something that JSON cannot carry");
  });

  test("knows which texts it would change", () => {
    expect(isNormal({ a: ["é", 1, null] })).toBe(true);
    expect(isNormal({ a: ["e\u0301"] })).toBe(false);
    expect(isNormal({ "e\u0301": 1 })).toBe(false);
  });
});
