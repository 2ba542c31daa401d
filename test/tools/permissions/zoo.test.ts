import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { bad, good } from "../../analysis/permissions/zoo.ts";
import { type House, openHouse } from "../support/house.ts";
import { furnishZoo } from "./zoo-house.ts";

const audit = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), severity: z.string() })),
  counts: z.looseObject({ containers: z.number() }),
});

let house: House;
/** "severity check" by container. */
let found: Map<string, string[]>;
beforeAll(async () => {
  house = await openHouse({ empty: true });
  furnishZoo(house.fake.engine, [...bad, ...good]);
  const { findings, counts } = audit.parse(
    (await house.call("audit_permissions", { detail: "full", limit: 200 })).structured,
  );
  expect(counts.containers).toBe(bad.length + good.length);
  found = Map.groupBy(findings, ({ id }) => id.split("/")[0] ?? "")
    .entries()
    .reduce(
      (all, [name, of]) =>
        all.set(
          name,
          of.map(({ id, severity }) => `${severity} ${id.split("/")[1]}`),
        ),
      new Map<string, string[]>(),
    );
});
afterAll(() => house.close());

describe("a zoo of bad containers", () => {
  test.each(bad)("$name", ({ name, expects }) => {
    expect(found.get(name)).toEqual(expects);
  });
});

test("good containers that look like bad ones: no false alarm", () => {
  expect(good.map(({ name }) => [name, found.get(name) ?? []])).toEqual(good.map(({ name }) => [name, []]));
});
