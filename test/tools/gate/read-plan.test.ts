import { expect, it } from "vitest";
import type { PlanView, UnitResult } from "../../../src/confirm/define.ts";
import { inItsWords } from "../../../src/tools/gate/read-plan.ts";

const result = (name: string, outcome: UnitResult["outcome"]): UnitResult => ({
  target: { kind: "container", host: "nas", name },
  outcome,
  why: "",
});
const plan: PlanView = {
  plan_id: "p-1",
  tool: "update_container",
  status: "failed",
  title: "Update 3 containers",
  risk: "disruptive",
  targets: [],
  changes: [],
  steps: [],
  warnings: [],
  undo: "",
  created_at: "2027-01-15T12:00:00.000Z",
  expires_at: "2027-01-15T12:10:00.000Z",
  digest: "",
  note: "",
  results: [result("sonarr", "done"), result("radarr", "rolled_back"), result("plex", "not_started")],
};
const outcomes = (of: PlanView) => inItsWords(of).results?.map(({ outcome }) => outcome);

it("calls a container that came through an update updated", () => {
  expect(outcomes(plan)).toEqual(["updated", "rolled_back", "not_started"]);
});

it("leaves the words of other tools, and a plan without results", () => {
  expect(outcomes({ ...plan, tool: "control_container" })).toEqual(["done", "rolled_back", "not_started"]);
  const { results: _, ...waiting } = plan;
  expect(inItsWords(waiting)).toEqual(waiting);
});
