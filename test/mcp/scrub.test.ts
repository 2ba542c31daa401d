import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScrub } from "../../src/mcp/scrub.ts";

const secret = 'p@ss w0rd/+é"x';
const scrub = createScrub([secret, "other-secret"]);

describe("what is known of a secret does not pass", () => {
  it.each([
    ["as it is", `login ${secret} failed`, "login [secret] failed"],
    ["in JSON", JSON.stringify({ secret }), '{"secret":"[secret]"}'],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(secret)), '"\\"[secret]\\""'],
    ["in an address", `?q=${encodeURIComponent(secret)}&a`, "?q=[secret]&a"],
    ["in a form", `q=${new URLSearchParams({ q: secret }).toString().slice(2)}`, "q=[secret]"],
    ["in lower-case percent", "p%40ss%20w0rd%2f%2b%c3%a9%22x", "[secret]"],
    ["in hex", Buffer.from(secret).toString("hex"), "[secret]"],
    ["in upper-case hex", Buffer.from(secret).toString("hex").toUpperCase(), "[secret]"],
    ["in base64", Buffer.from(secret).toString("base64"), "[secret]"],
    ["in base64 for addresses", Buffer.from(secret).toString("base64url"), "[secret]"],
    ["in a basic authorization", Buffer.from(`user:${secret}`).toString("base64"), "dXNlcj[secret]"],
    ["in base64, one byte in", Buffer.from(`a${secret}`).toString("base64"), "Y[secret]"],
    ["in base64, two bytes in", Buffer.from(`ab${secret}`).toString("base64"), "YW[secret]"],
  ])("%s", (_, text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  it("in no encoding, wherever it stands", () => {
    const encodings: ((text: string) => string)[] = [
      (text) => text,
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => encodeURIComponent(text),
      (text) => Buffer.from(text).toString("hex"),
    ];
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 4, maxLength: 40 }).filter((s) => s.isWellFormed()),
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (hidden, before, after) => {
          const clean = createScrub([hidden]);
          for (const encode of encodings) {
            expect(clean(`${before}${encode(hidden)}${after}`)).not.toContain(encode(hidden));
          }
        },
      ),
    );
  });

  it("in base64, whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 6, maxLength: 40 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.constantFrom("base64" as const, "base64url" as const),
        (bytes, before, after, alphabet) => {
          const hidden = Buffer.from(bytes).toString("hex");
          const around = Buffer.concat([before, Buffer.from(hidden), after]).toString(alphabet);
          const left = createScrub([hidden])(around).replace("[secret]", "");
          // What is left decodes to what stood around it, and to no three bytes of the secret.
          expect(left.length).toBeLessThanOrEqual(Math.ceil((before.length + after.length + 2) / 3) * 4);
        },
      ),
    );
  });
});

it("takes a key of several lines out line by line, wrapped or indented as programs do", () => {
  const line = (at: number) => "MIIEvQIBADANBgkqhkiG9w0BAQEF".replaceAll("A", String(at));
  const key = ["-----BEGIN PRIVATE KEY-----", line(1), line(2), "-----END PRIVATE KEY-----"].join("\n");
  const scrubbed = createScrub([key])(`failed to parse:\n    ${line(1)}\n    ${line(2)}\n`);
  expect(scrubbed).toBe("failed to parse:\n    [secret]\n    [secret]\n");
});

it("leaves alone what is too short to be told from ordinary words", () => {
  expect(createScrub(["abc"])("abc abcd")).toBe("abc abcd");
});

it("shows no secret by its own mark", () => {
  expect(createScrub(["secret"])("my secret")).toBe("my ***");
});
