import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOf, redefined, sayDefinition } from "../../../src/analysis/managers/definition-change.ts";
import { planDefinition } from "../../../src/analysis/managers/plan-definition.ts";

const text = "services:\n  web:\n    image: web # ours\n    mem_limit: 1g\n  db:\n    image: db\n";
const limits = { memory_bytes: 64 * 2 ** 20 };

test("several services of one file are one change, said line by line, in both directions byte for byte", () => {
  const change = planDefinition(text, [
    { service: "web", edit: { limits } },
    { service: "db", edit: { limits: { cpus: 2 } } },
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
  const made = redefined(text, change, "forth") ?? "";
  expect(made).toBe(
    "services:\n  web:\n    image: web # ours\n    mem_limit: 64m\n    memswap_limit: 64m\n  db:\n    image: db\n" +
      '    deploy:\n      resources:\n        limits:\n          cpus: "2"\n',
  );
  expect(redefined(made, change, "back")).toBe(text);
});

test("any other text is left alone", () => {
  const change = planDefinition(text, [{ service: "web", edit: { limits } }]);
  fc.assert(
    fc.property(fc.string(), (other) => {
      fc.pre(hashOf(other) !== change.before_sha256);
      expect(redefined(`${text}${other}x`, change, "forth")).toBeNull();
      expect(redefined(other, change, "back")).toBeNull();
    }),
  );
});

test("a file that says so already is no change", () => {
  const change = planDefinition(text, [{ service: "web", edit: { limits } }]);
  const again = planDefinition(redefined(text, change, "forth") ?? "", [{ service: "web", edit: { limits } }]);
  expect(again.edits).toEqual([]);
});
