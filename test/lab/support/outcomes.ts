import { expect } from "vitest";
import type { PlanView } from "../../../src/confirm/define.ts";

/** How each container of a plan came out: "web: done". A difference shows the plan's own reasons. */
export function expectOutcomes(plan: PlanView, outcomes: readonly string[]): void {
  const got = plan.results?.map(({ target, outcome }) => `${target.name}: ${outcome}`);
  expect(got, JSON.stringify(plan.results)).toEqual(outcomes);
}
