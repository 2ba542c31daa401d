import { afterEach, beforeEach, expect, test } from "vitest";
import type { ServiceEdit } from "../../../src/analysis/managers/edit-compose.ts";
import { membershipOf } from "../../../src/analysis/managers/members.ts";
import type { Step, StepRun, Unit } from "../../../src/confirm/define.ts";
import { deployStack } from "../../../src/demo/docker/portainer-stacks.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { deployDefinition } from "../../../src/tools/docker/managers/deploy-definition.ts";
import { deploymentStands, observeDeployment } from "../../../src/tools/docker/managers/deploy-standing.ts";
import { deploy } from "../../../src/tools/docker/managers/deploy-step.ts";
import { updateSteps } from "../../../src/tools/docker/update/steps.ts";
import { run } from "../support/publish.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";

const canary = "horse-battery-staple-7";
const edit: ServiceEdit = { user: "1001:1001" };
const moving: ServiceEdit = {
  secrets: [{ variable: "PASSWORD", reads: "PASSWORD_FILE", name: "web_password", file: "/mnt/secrets/web_password" }],
};

let home: StackHouse;
let before: string;
let seen: string[];
let files: Map<string, string>;
beforeEach(async () => {
  home = await openStackHouse();
  before = home.stack.text.replace(/\["PASSWORD=.*"\]/, `{PASSWORD: ${canary}} # the owner's`);
  home.stack.text = before;
  deployStack(home.fake.engine, home.stack);
  seen = [];
  files = new Map([["/mnt/secrets/web_password", canary]]);
  const read = async (file: string) => files.get(file) ?? "";
  home.changes.secretFiles = fleet("shell", ["nas"], () => ({ read, write: never, remove: never }));
});
afterEach(() => home.close());

const never = () => Promise.reject(new Error("not asked for"));
const web = () => home.fake.engine.find("shop-web-1");
const note = (what: string): Step<Changes, Systems> => ({
  async does() {
    seen.push(`${what}: web ${web().run.status}`);
    return {};
  },
  async undoes() {
    seen.push(`${what} undone: web ${web().run.status}`);
  },
});
const steps = new Map<string, Step<Changes, Systems>>(
  Object.entries({ ...updateSteps, deploy, first: note("first"), hand_over: note("hand over") }),
);
const spec = (step: string) => ({ step, args: { host: "nas" }, does: step, undo: step });
const stepRun = (): StepRun<Changes, Systems> => ({
  authorised: { planId: "p", digest: "d" },
  changes: home.changes,
  systems: home.systems,
  signal: new AbortController().signal,
  say: () => {},
});

async function planned(wish: ServiceEdit): Promise<Unit> {
  const container = await home.systems.docker.one("nas").system.inspect("shop-web-1");
  const member = membershipOf(container);
  if (member === null) throw new Error("nobody keeps it");
  const asked = { host: "nas", member, of: [{ container, edit: wish }], before: [spec("first")] };
  const part = await deployDefinition({ ...asked, while_down: [spec("hand_over")] }, home.context);
  if ("why" in part) throw new Error(part.why);
  return part.unit;
}
async function forth({ steps: all }: Unit, count = all.length) {
  for (const { step, args } of all.slice(0, count)) await steps.get(step)?.does(args, stepRun());
}
async function back({ steps: all }: Unit, count = all.length) {
  for (const { step, args } of all.slice(0, count).toReversed())
    await steps.get(step)?.undoes(args, undefined, stepRun());
}

test("what goes along happens before anything stops, and while it is down", async () => {
  const unit = await planned(edit);
  expect(unit.steps.map(({ step }) => step)).toEqual(["first", "stop", "hand_over", "deploy", "await_project"]);
  expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "before" });
  await forth(unit);
  expect(seen).toEqual(["first: web running", "hand over: web exited"]);
  expect([web().config.User, web().run.status]).toEqual(["1001:1001", "running"]);
  expect(home.stack.text).toBe(before.replace(" # the owner's\n", ` # the owner's\n    user: "1001:1001"\n`));
  expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "after" });
});

test.each([1, 2, 3, 4, 5])("undone from step %i on, twice, all is as before and runs", async (count) => {
  const unit = await planned(edit);
  await forth(unit, count);
  seen = [];
  await back(unit, count);
  expect(seen).toEqual([...(count > 2 ? ["hand over undone: web exited"] : []), "first undone: web running"]);
  await back(unit, count);
  expect([home.stack.text, web().config.User, web().run.status]).toEqual([before, "", "running"]);
  expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "before" });
  expect(home.stack.env).toEqual([{ name: "PASSWORD", value: "s3cret" }]);
});

test.each([
  ["came back all the same, it is down while the rest is undone, too", true, ["", "exited"]],
  ["did not come back, it goes on", false, ["1001:1001", "running"]],
])("where its manager fails to put it back, and it %s", async (_title, comes, is) => {
  const unit = await planned(edit);
  await forth(unit);
  const { system } = home.changes.managers.portainer.one("nas");
  const broken = new StewardError("conflict", "It could not be brought up.", "See why.");
  const failing: typeof system = {
    ...system,
    async deploy(...asked) {
      if (comes) await system.deploy(...asked);
      throw broken;
    },
  };
  home.changes.managers = { ...home.changes.managers, portainer: fleet("portainer", ["nas"], () => failing) };
  const args = unit.steps.find(({ step }) => step === "deploy")?.args ?? {};
  await expect(deploy.undoes(args, undefined, stepRun())).rejects.toBe(broken);
  expect([web().config.User, web().run.status]).toEqual(is);
});

test("a secret that moves is in no plan, and back in its place from its file", async () => {
  const unit = await planned(moving);
  expect(JSON.stringify(unit)).not.toContain(canary);
  expect(unit.changes).toContain("line 4: - environment: {PASSWORD: [now in /mnt/secrets/web_password]} # the owner's");
  await forth(unit);
  expect(home.stack.text).not.toContain(canary);
  expect(web().config.Env).toEqual(["PASSWORD_FILE=/run/secrets/web_password"]);
  await back(unit);
  expect([home.stack.text, web().config.Env]).toEqual([before, [`PASSWORD=${canary}`]]);
});

test("a file that somebody changed meanwhile is left alone, forth and back", async () => {
  const unit = await planned(moving);
  home.stack.text = `${before}# mine\n`;
  expect(await observeDeployment(unit, home.systems)).not.toEqual(unit.basis);
  await expect(forth(unit)).rejects.toMatchObject({ code: "conflict" });
  await expect(back(unit)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("left as it is"),
  });
  files.clear();
  home.stack.text = before;
  await forth(unit);
  await expect(back(unit)).rejects.toMatchObject({ code: "conflict" });
});

test.each([
  ["Portainer is busy with it", () => (home.stack.status = 3)],
  ["it is stopped, and would be started by an update", () => (home.stack.status = 2)],
  [
    "its file says so already; where it runs otherwise, deploy it in Portainer",
    () => (home.stack.text = `${before}    user: "1001:1001"\n`),
  ],
  [
    "shop-web-2 is of the same service and would be made again alike, which is not asked for",
    () => run(home.fake, "shop-web-2", { Labels: web().config.Labels ?? {} }),
  ],
  ["Portainer can't be asked for it (Portainer does not show the file", () => (home.stack.fileHidden = true)],
])("is not planned where %s", async (why, spoil) => {
  home.stack.text = before.replace(/ {2}db:\n.*\n/, "");
  before = home.stack.text;
  spoil();
  await expect(planned(edit)).rejects.toThrow(why);
});
