import { expect, it } from "vitest";
import { environmentForm, fieldAt, fields } from "../../src/config/fields.ts";

it("gives every key a variable of its own", () => {
  const leaves = fields.filter(({ kind, path }) => !kind.startsWith("section") && path.at(-1) !== "#");
  const forms = leaves.flatMap(({ path, secret }) => {
    const form = environmentForm(path);
    return secret === "value" ? [form, `${form}_FILE`] : [form];
  });
  expect(new Set(forms).size).toBe(forms.length);
  expect(forms).toContain("HOME_STEWARD_HOSTS_#_DOCKER_SOCKET");
  expect(forms).toContain("HOME_STEWARD_HOSTS_#_TRUENAS_API_KEY_FILE");
  expect(forms).toContain("HOME_STEWARD_READ_ONLY");
});

it("says of every key what it is for", () => {
  const silent = fields.filter(({ path, description }) => path.length > 0 && path.at(-1) !== "#" && description === "");
  expect(silent.map(({ path }) => path.join("."))).toEqual([]);
});

it("finds the field of a concrete path", () => {
  expect(fieldAt(["hosts", 3, "ssh", "port"])).toMatchObject({
    kind: "number",
    expects: "a whole number from 1 to 65535",
    default: "22",
    required: false,
  });
  expect(fieldAt(["hosts", 0, "nothing"])).toBeUndefined();
});
