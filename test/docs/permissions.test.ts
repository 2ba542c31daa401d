import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "../../src/analysis/permissions/catalogue.ts";

const page = readFileSync(new URL("../../docs/permissions.md", import.meta.url), "utf8");

test("the page on permissions names every check, with its CIS numbers", () => {
  for (const [check, { cis }] of Object.entries(catalogue)) {
    const row = page.split("\n").find((line) => line.startsWith("| `") && line.includes(`\`${check}\``));
    expect([check, row]).toEqual([check, expect.any(String)]);
    for (const number of cis) expect(row).toContain(number);
  }
});

test("every number of section 5 stands on the page", () => {
  const missing = Array.from({ length: 32 }, (_, at) => `5.${at + 1}`).filter(
    (number) => !new RegExp(`[| ]${number.replace(".", "\\.")}[,| ]`).test(page),
  );
  expect(missing).toEqual([]);
});
