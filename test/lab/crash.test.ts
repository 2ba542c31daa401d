import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyAndKill, type Lane, lanesOf, type Story } from "./support/crash.ts";
import { type Lab, labMissing, startLab, titled } from "./support/lab.ts";

/** A step, and the calls to dockerd that it makes. */
type Step = readonly [name: string, ...calls: string[]];

/** The points of a step at which the process can be gone: around both lines of the journal and around every call. */
const points = (way: "does" | "undoes", steps: readonly Step[], ending: "outcome" | "error" = "outcome") =>
  steps.flatMap(([name, ...calls]) => [
    `${way} ${name}: intent written`,
    ...calls.flatMap((call) => [`${call} sent`, `${call} made`]),
    `${way} ${name}: ${ending} written`,
  ]);

const untilStarted: readonly Step[] = [
  ["pull", "pull"],
  ["keep_image", "tag"],
  ["move_tag", "tag"],
  ["create", "create"],
  ["stop", "stop"],
  ["set_aside", "rename"],
  ["take_name", "rename"],
  ["start", "policy", "start"],
];
const good: Story = { name: "good", version: 2, flavours: [], sidecar: false };
const pointsOfGood = [
  ...points("does", [...untilStarted, ["await_health"], ["remove_old", "remove"]]),
  "ends pull: outcome written",
];

const bad: Story = { name: "bad", version: 3, flavours: ["unhealthy"], sidecar: false };
const pointsOfBad = [
  ...points("does", untilStarted),
  ...points("does", [["await_health"]], "error"),
  ...points("undoes", [
    ["await_health"],
    ["start", "stop", "policy"],
    ["take_name", "rename"],
    ["set_aside", "rename"],
    ["stop", "start"],
    ["create", "remove"],
    ["move_tag", "tag"],
    ["keep_image"],
    ["pull"],
  ]),
  "ends pull: outcome written",
];

const shared: Story = { name: "shared", version: 2, flavours: [], sidecar: true };
const pointsOfShared = [
  ...points("does", [
    ...untilStarted.slice(0, 4),
    ["stop", "stop"],
    ...untilStarted.slice(4),
    ["await_health"],
    ["create", "tag", "create", "tag"],
    ["set_aside", "rename"],
    ["take_name", "rename"],
    ["start", "start"],
    ["remove_old", "remove"],
    ["remove_old", "remove"],
  ]),
  "ends pull: outcome written",
];

// What the stories have in common is run once.
const stories: readonly { story: Story; all: readonly string[]; from: string }[] = [
  { story: good, all: pointsOfGood, from: "does pull: intent written" },
  { story: bad, all: pointsOfBad, from: "does await_health: intent written" },
  { story: shared, all: pointsOfShared, from: "does await_health: outcome written" },
];

describe.skipIf(labMissing !== null)(titled("kill -9 at every point"), () => {
  let lab: Lab;
  let lanes: { with<T>(work: (lane: Lane) => Promise<T>): Promise<T> };
  beforeAll(async () => {
    lab = await startLab();
    lanes = lanesOf(3);
  });
  afterAll(() => lab.down());

  for (const { story, all, from } of stories) {
    describe(`of an update with a ${story.name} end`, () => {
      it("knows all its points", async () => {
        const { events } = await lanes.with((lane) => applyAndKill(lab, lane, story, 0));
        expect(events).toEqual(all);
      });

      const numbered = all.map((event, place) => ({ event, place: place + 1 })).slice(all.indexOf(from));
      it.concurrent.each(numbered)("$place: $event", async ({ place }) => {
        expectOneToRun(story, await lanes.with((lane) => applyAndKill(lab, lane, story, place)));
      });
    });
  }

  // The old one is under "restart: always": what was stopped comes back with dockerd, and then is in the way or is not.
  it.each([
    "does create: outcome written",
    "does stop: outcome written",
    "does set_aside: outcome written",
    "does take_name: outcome written",
    "policy made",
    "does start: outcome written",
    "does await_health: outcome written",
    "does remove_old: outcome written",
  ])("a power cut, which takes dockerd too, after: %s", async (event) => {
    const place = pointsOfGood.indexOf(event) + 1;
    const powerCut = async () => {
      await lab.order("dockerd", "kill");
      await lab.order("dockerd", "start");
    };
    expectOneToRun(good, await lanes.with((lane) => applyAndKill(lab, lane, good, place, powerCut)));
  });
});

/** The old container or the new one runs under its name, and what is said of it is so. */
function expectOneToRun(story: Story, after: Awaited<ReturnType<typeof applyAndKill>>): void {
  const { killed, outcome, why, running, left } = after;
  expect(killed).toBe("SIGKILL");
  expect(outcome, why).toMatch(/^(done|rolled_back|not_started)$/);
  expect(running, why).toBe(outcome === "done" ? "new, healthy" : "old, healthy");
  // An old container that is still there is stopped, and is said.
  const spare = left.filter((name) => name.includes("steward"));
  const said = outcome === "done" && why?.includes("Left over") === true;
  expect(spare, why).toEqual(said ? spare.map((name) => name.replace(/ .*/, " exited")) : []);
  expect(left.filter((name) => !spare.includes(name))).toEqual(
    story.sidecar ? ["side sees version web", "web"] : ["web"],
  );
}
