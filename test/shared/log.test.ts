import { expect, it } from "vitest";
import { createLog } from "../../src/shared/log.ts";

function logged(level: "error" | "warn" | "info" | "debug") {
  const lines: string[] = [];
  const log = createLog({
    level,
    write: (line) => lines.push(line),
    now: () => 0,
    scrub: (text) => text.replaceAll("hunter2", "[secret]"),
  });
  return { log, lines };
}

it("writes one entry a line, scrubbed, and lets nothing pose as another entry", () => {
  const { log, lines } = logged("info");
  log.warn("login of hunter2\n1970-01-01T00:00:00.000Z error forged");
  expect(lines).toEqual([
    "1970-01-01T00:00:00.000Z warn login of [secret]\n    1970-01-01T00:00:00.000Z error forged\n",
  ]);
});

it("keeps to its level", () => {
  const { log, lines } = logged("warn");
  for (const level of ["error", "warn", "info", "debug"] as const) log[level](level);
  expect(lines.map((line) => line.split(" ")[1])).toEqual(["error", "warn"]);
});
