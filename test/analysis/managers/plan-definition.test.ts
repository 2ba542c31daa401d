import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOf, redefined, restored, sayDefinition } from "../../../src/analysis/managers/definition-change.ts";
import { planDefinition } from "../../../src/analysis/managers/plan-definition.ts";

const text = "services:\n  web:\n    image: web # ours\n    mem_limit: 1g\n  db:\n    image: db\n";
const limits = { memory_bytes: 64 * 2 ** 20 };

test("several services of one file are one change, said line by line, in both directions byte for byte", () => {
  const change = planDefinition(text, [
    { service: "web", edit: { limits }, env: [] },
    { service: "db", edit: { limits: { cpus: 2 } }, env: [] },
  ]);
  expect(sayDefinition(change)).toEqual([
    "line 4: - mem_limit: 1g",
    "line 4: + mem_limit: 64m",
    "line 5: + memswap_limit: 64m",
    "line 7: + deploy:",
    "line 8: + resources:",
    "line 9: + limits:",
    'line 10: + cpus: "2"',
  ]);
  const made = redefined(text, change) ?? "";
  expect(made).toBe(
    "services:\n  web:\n    image: web # ours\n    mem_limit: 64m\n    memswap_limit: 64m\n  db:\n    image: db\n" +
      '    deploy:\n      resources:\n        limits:\n          cpus: "2"\n',
  );
  expect(restored(made, change, new Map())).toBe(text);
});

test("any other text is left alone", () => {
  const change = planDefinition(text, [{ service: "web", edit: { limits }, env: [] }]);
  fc.assert(
    fc.property(fc.string(), (other) => {
      fc.pre(hashOf(other) !== change.before_sha256);
      expect(redefined(`${text}${other}x`, change)).toBeNull();
      expect(restored(other, change, new Map())).toBeNull();
    }),
  );
});

test("a file that says so already is no change", () => {
  const change = planDefinition(text, [{ service: "web", edit: { limits }, env: [] }]);
  const again = planDefinition(redefined(text, change) ?? "", [{ service: "web", edit: { limits }, env: [] }]);
  expect(again.edits).toEqual([]);
});

const secret = (variable: string, name: string) => ({
  variable,
  reads: `${variable}_FILE`,
  name,
  file: `/mnt/secrets/${name}`,
});
const values = (...pairs: [string, string][]) => new Map(pairs.map(([name, value]) => [`/mnt/secrets/${name}`, value]));

test("the value of a secret that moves is in no plan, and back in its place from the file", () => {
  const before = `services:
  web:
    image: web
    environment: # of the shop
      PASSWORD: "a\\"b$$1"
      COLOUR: green
`;
  const edit = { secrets: [secret("PASSWORD", "web_password")] };
  const change = planDefinition(before, [{ service: "web", edit, env: ['PASSWORD=a"b$1', "COLOUR=green"] }]);
  expect(sayDefinition(change)).toEqual([
    'line 5: - PASSWORD: "[now in /mnt/secrets/web_password]"',
    'line 7: + PASSWORD_FILE: "/run/secrets/web_password"',
    "line 8: + secrets:",
    "line 9: + - web_password",
    "line 10: + secrets:",
    "line 11: + web_password:",
    "line 12: + file: /mnt/secrets/web_password",
  ]);
  expect(JSON.stringify(change)).not.toMatch(/b\$/);
  const made = redefined(before, change) ?? "";
  expect(restored(made, change, values(["web_password", 'a"b$1']))).toBe(before);
  expect(restored(made, change, values(["web_password", "another"]))).toBeNull();
  expect(restored(made, change, new Map())).toBeNull();
});

test("values that are a part of one another, or of a path, come back as they were", () => {
  const before = "services:\n  web:\n    image: web\n    environment: [A=shop-1, B=shop-12, C=mnt]\n";
  const edit = { secrets: [secret("A", "a"), secret("B", "b"), secret("C", "c")] };
  const change = planDefinition(before, [{ service: "web", edit, env: ["A=shop-1", "B=shop-12", "C=mnt"] }]);
  const back = values(["a", "shop-1"], ["b", "shop-12"], ["c", "mnt"]);
  expect(change.edits[0]?.removed).toEqual([
    "    environment: [A=[now in /mnt/secrets/a], B=[now in /mnt/secrets/b], C=[now in /mnt/secrets/c]]",
  ]);
  expect(restored(redefined(before, change) ?? "", change, back)).toBe(before);
});

test.each([
  ["another secret of the same line", "[PASSWORD=s3cret-1, API_KEY=0123456789]", ["PASSWORD=s3cret-1"]],
  ["the same value in an address of the same line", '[PASSWORD=s3cret-1, "DB=x://u:s3cret-1@db"]', []],
  ["a value that is written in a way of its own", '["PASSWORD=\\x733cret-1"]', ["PASSWORD=s3cret-1"]],
])("no plan keeps %s", (_, environment, env) => {
  const before = `services:\n  web:\n    image: web\n    environment: ${environment}\n`;
  const edit = { secrets: [secret("PASSWORD", "web_password")] };
  expect(() => planDefinition(before, [{ service: "web", edit, env }])).toThrow(
    "A line of its file that would change holds a secret",
  );
});

test.each([
  ["folded", "PASSWORD: >-\n        canary\n        4711", "canary 4711"],
  ["going on over a line's end", 'PASSWORD:\n        "canary\\\n        4711"', "canary4711"],
  ["behind a name of its own line", "? PASSWORD\n      : canary\n        4711", "canary 4711"],
])("no plan keeps the lines of a value that is %s", (_, entry, value) => {
  const before = `services:\n  web:\n    image: web\n    environment:\n      A: b\n      ${entry}\n`;
  const edit = { secrets: [secret("PASSWORD", "web_password")] };
  expect(() => planDefinition(before, [{ service: "web", edit, env: [`PASSWORD=${value}`] }])).toThrow(
    "A line of its file that would change holds a secret",
  );
});

test("a name of a variable holds no secret, and a weak one is not looked for in our own words", () => {
  const before = `services:\n  db:\n    image: db\n    environment: {PASSWORD: "\${DB_PASSWORD}"}\n`;
  const edit = { secrets: [secret("PASSWORD", "nextcloud_password")] };
  const change = planDefinition(before, [{ service: "db", edit, env: ["PASSWORD=nextcloud"] }]);
  expect(change.gaps).toEqual([]);
  expect(restored(redefined(before, change) ?? "", change, new Map())).toBe(before);
});

test("whatever a secret is, a plan does not hold it and gives it back, or is none", () => {
  const edit = { secrets: [{ variable: "PASSWORD", reads: "PASSWORD_FILE", name: "p", file: "/mnt/secrets/p" }] };
  const ways = [
    (value: string) => `      PASSWORD: ${JSON.stringify(value.replaceAll("$", "$$$$"))}`,
    (value: string) => `      - ${JSON.stringify(`PASSWORD=${value.replaceAll("$", "$$$$")}`)}`,
    (value: string) => `      PASSWORD: '${value.replaceAll("$", "$$$$").replaceAll("'", "''")}'`,
  ];
  fc.assert(
    fc.property(
      fc.string({ minLength: 12, unit: fc.constantFrom(..."ab1é '\"\\$#:{") }),
      fc.constantFrom(...ways),
      (value, way) => {
        const before = `services:\n  web:\n    image: web\n    environment:\n${way(value)}\n`;
        const wanted = [{ service: "web", edit, env: [`PASSWORD=${value}`] }];
        let change: ReturnType<typeof planDefinition>;
        try {
          change = planDefinition(before, wanted);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(refused|unsupported)$/) });
          return;
        }
        expect(JSON.stringify(change)).not.toContain(value);
        expect(JSON.stringify(change)).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(restored(redefined(before, change) ?? "", change, values(["p", value]))).toBe(before);
      },
    ),
  );
});
