import { describe, expect, test } from "vitest";
import { newToken, sameHex, tokenHash } from "../../src/confirm/token.ts";

const key = Buffer.alloc(32, 1);

describe("a code", () => {
  test("has eight characters that nobody mistakes for others", () => {
    const tokens = Array.from({ length: 200 }, newToken);
    for (const token of tokens)
      expect(token).toMatch(/^[ABCDEFGHJKMNPQRSTWXYZ23456789]{4}-[ABCDEFGHJKMNPQRSTWXYZ23456789]{4}$/);
    expect(new Set(tokens).size).toBe(200);
    expect(new Set(tokens.join("")).size).toBe(30); // 29 characters and the hyphen
  });

  test("is kept as a hash that needs the key and belongs to one digest", () => {
    const hash = tokenHash(key, "d1", "ABCD-EFGH");
    expect(hash).toBe("51388c3682eb0866a627094f3af277db81d5c9062d46e4af13a52951044668c8");
    expect(tokenHash(key, "d1", " abcd efgh\n")).toBe(hash);
    expect(tokenHash(key, "d2", "ABCD-EFGH")).not.toBe(hash);
    expect(tokenHash(Buffer.alloc(32, 2), "d1", "ABCD-EFGH")).not.toBe(hash);
  });

  test("is compared as a whole", () => {
    expect(sameHex("abcd", "abcd")).toBe(true);
    expect(["abce", "ab", "", "zz"].map((other) => sameHex("abcd", other))).toEqual([false, false, false, false]);
    expect(sameHex("", "")).toBe(false);
  });
});
