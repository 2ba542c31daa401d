import { expect, test } from "vitest";
import type { Subject } from "../../../src/analysis/managers/plan.ts";
import { planDefinition } from "../../../src/analysis/managers/plan-definition.ts";
import { planDeployment } from "../../../src/analysis/managers/plan-deployment.ts";
import { container } from "../support/containers.ts";

const text = "services:\n  web:\n    image: web\n";
const change = planDefinition(text, [{ service: "web", edit: { read_only: true }, env: [] }]);
const web = (State: object = {}) => {
  const label = "com.docker.compose";
  const one = container("web", { Config: { Labels: { [`${label}.service`]: "web", [`${label}.config-hash`]: "1" } } });
  return { ...one, State: { ...one.State, ...State } };
};
const subject = (members: ReturnType<typeof web>[], defined: string): Subject => ({
  by: "compose",
  ref: { project: "shop", files: ["/mnt/shop/compose.yaml"], folder: "/mnt/shop" },
  called: "project shop",
  project: { state: "running", busy: false, deployed: "sha256:1", defined: { web: defined }, notes: [] },
  members,
});
const spec = (step: string) => ({ step, args: {}, does: step, undo: step });
const plan = (one = web(), defined = "1", down = false) =>
  planDeployment(
    {
      subject: subject([one], defined),
      text,
      change,
      containers: [one],
      before: [spec("first")],
      while_down: down ? [spec("hand_over")] : [],
    },
    { timeout_s: 60, settle_s: 5 },
  );
const stepsOf = ({ steps }: ReturnType<typeof plan>) => steps.map(({ step }) => step);

test("nothing is stopped for itself alone, and what does not run is not stopped", () => {
  expect(stepsOf(plan())).toEqual(["first", "deploy", "await_project"]);
  expect(stepsOf(plan(web(), "1", true))).toEqual(["first", "stop", "hand_over", "deploy", "await_project"]);
  const stopped = plan(web({ Running: false }), "1", true);
  expect(stepsOf(stopped)).toEqual(["first", "hand_over", "deploy", "await_project"]);
});

test("says the lines, and that a definition which is another one than it runs with comes along", () => {
  const lines = ["The file by which compose makes web, deployed at once:", "line 4: + read_only: true"];
  expect(plan().changes).toEqual(lines);
  expect(plan(web(), "2").changes).toEqual([
    ...lines,
    "web: its compose file defines it in another way than it runs now. That comes along, and stays if it is put back",
  ]);
  expect(plan(web(), "2").identity.of).toEqual([{ name: "web", service: "web", marks: ["1", "2"] }]);
  expect(plan().warnings).toEqual([
    "Down while it is deployed, and for at most 60 s until it is well or put back: web.",
  ]);
});
