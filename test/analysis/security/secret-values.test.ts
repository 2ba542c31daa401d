import { describe, expect, test } from "vitest";
import { secretValues } from "../../../src/analysis/security/secret-values.ts";

describe("secret values of an environment", () => {
  test.each([
    "API_TOKEN",
    "DB_PASSWORD",
    "SMTP_PASS",
    "PGPASSWORD",
    "CLIENT_SECRET",
    "SECRET_KEY_BASE",
    "APIKEY",
    "apiKey",
    "AWS_ACCESS_KEY_ID",
    "BASIC_AUTH",
    "API_KEYS",
    "PASSCODE",
    "HTTP_AUTHORIZATION",
    "AUTHENTIK_SECRET_KEY",
  ])("%s holds one", (name) => {
    expect(secretValues([`${name}=abc=123`])).toEqual(["abc=123"]);
  });

  test.each(["TZ", "AUTHENTIK_HOST", "KEYCLOAK_URL", "AUTHOR", "PASSTHROUGH", "DB_PASSWORD_FILE", "SSH_KEY_PATH"])(
    "%s holds none",
    (name) => {
      expect(secretValues([`${name}=abcdef123`])).toEqual([]);
    },
  );

  test("short and empty values are none; several lines count one by one, the longest first", () => {
    expect(secretValues(["A_TOKEN=", "B_TOKEN", "C_TOKEN=12345", "D_TOKEN=123456"])).toEqual(["123456"]);
    expect(secretValues(["A_TOKEN=\u200b\u200b\u200b\u200b\u200b\u200b"])).toEqual([]);
    expect(secretValues(["A_KEY=abcdef\r\nabcdefgh\n", "B_KEY=abcdef"])).toEqual(["abcdefgh", "abcdef"]);
  });
});
