import { expect, test } from "vitest";
import { hashOf } from "../../../src/analysis/managers/definition-change.ts";
import { type DefinedSituation, deploymentBasis, judgeDeployment } from "../../../src/analysis/managers/deployment.ts";
import type { Project } from "../../../src/systems/managers/port.ts";
import { container, sha } from "../support/containers.ts";

const [before, after] = ["services: {web: {image: web}}\n", "services: {web: {image: web, read_only: true}}\n"];
const project: Project = {
  state: "running",
  busy: false,
  deployed: "sha256:1",
  defined: { web: "as in file" },
  notes: [],
};
const web = (Id: string, mark: string, more: { Image?: string; State?: object } = {}) => {
  const Labels = { "com.docker.compose.service": "web", "com.docker.compose.config-hash": mark };
  const one = container("web", { Config: { Labels } });
  return { ...one, Id, ...more, State: { ...one.State, ...more.State } };
};
const change = {
  newline: "\n" as const,
  edits: [],
  gaps: [],
  before_sha256: hashOf(before),
  after_sha256: hashOf(after),
};
const wanted = { change, of: [{ name: "web", service: "web", marks: ["as made", "as in file"] }] };
const basis = deploymentBasis({ project, members: [web("old", "as made")], text: before });
const now = (
  text: string,
  member: ReturnType<typeof web>,
  more: Partial<Project> = { defined: { web: "changed" } },
): DefinedSituation => ({ project: { ...project, ...more }, members: [member], text });

test.each([
  ["after", now(after, web("new", "changed")), "Its file says what was approved."],
  ["after", now(after, web("new", "changed"), { defined: {} }), "Its file says what was approved."],
  ["neither", now(after, web("old", "as made")), "But web was not made again."],
  ["neither", now(after, web("new", "something else")), "But web is not as its file defines it."],
  ["neither", now(after, web("new", "changed", { Image: sha("b") })), "But web runs another image than before."],
  [
    "neither",
    now(after, web("new", "changed", { State: { Running: false, ExitCode: 1 } })),
    "stopped with exit code 1",
  ],
  ["neither", now(after, web("new", "changed"), { busy: true }), "But something is being done to it."],
  ["neither", now(`${after}# mine\n`, web("new", "changed")), "neither what it was nor what was approved"],
  ["before", now(before, web("old", "as made")), "Its file is as it was, byte for byte."],
  ["before", now(before, web("new", "as made")), "Its file is as it was, byte for byte."],
  // What its file said beside what it ran with came along, and stays.
  ["before", now(before, web("new", "as in file")), "Its file is as it was, byte for byte."],
  ["neither", now(before, web("new", "changed")), "Its file is as it was, but not all of its containers."],
  ["neither", now(before, web("old", "as made", { State: { Running: false } })), "but not all of its containers."],
  ["neither", null, "There is no project shop any more."],
] as const)("$0: $2", (is, situation, why) => {
  expect(judgeDeployment("project shop", basis, wanted, situation)).toMatchObject({
    is,
    why: expect.stringContaining(why),
  });
});

test("a line that changes nothing of what runs makes another basis all the same", () => {
  const seen = { project, members: [web("old", "as made")] };
  expect(deploymentBasis({ ...seen, text: `${before}# mine\n` })).not.toEqual(basis);
  expect(deploymentBasis({ ...seen, text: before })).toEqual(basis);
});
