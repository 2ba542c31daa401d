import { describe, expect, test } from "vitest";
import { hideSecrets, hideSecretsInLines } from "../../../src/analysis/security/hide-secrets.ts";

describe("secrets in text", () => {
  test.each([
    ["GET https://me:hunter22@nas.lan/x", "GET https://me:[hidden]@nas.lan/x"],
    ["postgres://user:p%40ss@db:5432/app", "postgres://user:[hidden]@db:5432/app"],
    ["Authorization: Bearer abc.def-123456", "Authorization: Bearer [hidden]"],
    ["password=hunter22 next", "password=[hidden] next"],
    ['{"api_key": "abcdef123", "x": 1}', '{"api_key": "[hidden]", "x": 1}'],
    ["X-Plex-Token=abcDEF123&x=1", "X-Plex-Token=[hidden]&x=1"],
    ["POSTGRES_PASSWORD: geheim", "POSTGRES_PASSWORD: [hidden]"],
    ["?apikey=0123456789abcdef0123456789abcdef", "?apikey=[hidden]"],
    ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sflKxwRJSM rest", "token [hidden] rest"],
    [`key ghp_${"a".repeat(36)}`, "key [hidden]"],
    ["AKIAIOSFODNN7EXAMPLE", "[hidden]"],
    [
      `https://discord.com/api/webhooks/123456789012345678/${"a".repeat(68)}`,
      "https://discord.com/api/webhooks/123456789012345678/[hidden]",
    ],
    [`123456789:AA${"x".repeat(33)}`, "[hidden]"],
  ])("%s", (text, safe) => {
    expect(hideSecrets(text)).toBe(safe);
  });

  test("ordinary lines stay as they are", () => {
    for (const line of [
      "INFO token refreshed",
      "12:00:01 GET /api/v3/series 200",
      "password for user must be set",
      "https://nas.lan:8080/x",
    ])
      expect(hideSecrets(line)).toBe(line);
  });

  test("invisible characters can't break a secret apart", () => {
    expect(hideSecrets("pass\u200bword=hunter22")).toBe("password=[hidden]");
    expect(hideSecrets("token=\u001b[31mabcdef\u001b[0m")).toBe("token=[hidden]");
  });

  test("a private key is hidden from its first line to its last", () => {
    const lines = [
      "a",
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      "b3BlbnNzaC1rZXk",
      "-----END OPENSSH PRIVATE KEY-----",
      "b",
    ];
    expect(hideSecretsInLines(lines)).toEqual(["a", "[hidden]", "[hidden]", "[hidden]", "b"]);
  });

  test("known values are hidden wherever they stand, each in full and once", () => {
    const lines = ["start with abc.123 here", "abc.123-long, abcX123", "hidden token=abc.123", "a\u200bbc.123"];
    expect(hideSecretsInLines(lines, ["abc.123-long", "abc.123", "hidden"])).toEqual([
      "start with [hidden] here",
      "[hidden], abcX123",
      "[hidden] token=[hidden]",
      "[hidden]",
    ]);
  });

  test("a line of a megabyte made to slow patterns down is done in time linear to it", () => {
    for (const unit of ["eyJ", "password", "https://a:", "bearer ", "a.", "-----BEGIN "]) {
      const long = unit.repeat(1_000_000 / unit.length);
      expect(hideSecrets(long).length).toBeGreaterThan(0);
    }
  });
});
