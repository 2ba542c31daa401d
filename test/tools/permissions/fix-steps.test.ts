import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StepRun, Unit } from "../../../src/confirm/define.ts";
import { deployStack } from "../../../src/demo/docker/portainer-stacks.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { proposeFix } from "../../../src/tools/permissions/fix/propose.ts";
import { observe, stands } from "../../../src/tools/permissions/fix/standing.ts";
import { fixSteps } from "../../../src/tools/permissions/fix/steps.ts";
import { shopImage } from "../../support/shop.ts";
import type { GatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

const steps = new Map(Object.entries(fixSteps));

function stepRun({ changes, systems }: GatedHouse): StepRun<Changes, Systems> {
  const signal = new AbortController().signal;
  return { authorised: { planId: "p", digest: "d" }, changes, systems, signal, say: () => {} };
}

async function step(home: GatedHouse, way: "does" | "undoes", one: Unit["steps"][number] | undefined) {
  const found = steps.get(one?.step ?? "");
  if (found === undefined || one === undefined) return;
  if (way === "does") await found.does(one.args, stepRun(home));
  else await found.undoes(one.args, undefined, stepRun(home));
}

/** A user, a secret and rights at once: a database by itself, and one of a Portainer stack. */
describe.skipIf(missing !== null)(`a container made again${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let home: StackHouse;
  let machine: Inhabited;
  beforeEach(async () => {
    home = await openStackHouse();
    machine = inhabited(home);
    const mount = `${machine.folder("data", 0)}:/var/lib/postgresql/data`;
    run(home.fake, "postgres", { Env: ["POSTGRES_PASSWORD=canary-4711"], HostConfig: { Binds: [mount] } });
    home.fake.engine.registry.publish("postgres:16", shopImage("postgres:16"));
    home.stack.text = `services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: canary-4712
    volumes: ["${machine.folder("more", 0)}:/var/lib/postgresql/data"]
`;
    deployStack(home.fake.engine, home.stack);
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });

  const now = () => ({
    containers: [...home.fake.engine.containers.values()]
      .map(({ name, run, config }) => [name, run.status, config.User, config.Env])
      .sort(),
    text: home.stack.text,
    accounts: machine.accounts.users.map(({ name }) => name),
    owners: [...machine.owners("data"), ...machine.owners("more")],
    secrets: ["postgres", "shop-db-1"].filter((name) =>
      existsSync(join(machine.root, "home-steward-secrets", `${name}.POSTGRES_PASSWORD`)),
    ),
  });

  async function planned(name: string): Promise<Unit> {
    const findings = ["root_user", "env_secret", "new_privileges"].map((check) => `${name}/${check}`);
    const [unit] = (await proposeFix({ findings }, home.context)).units;
    if (unit === undefined) throw new Error("nothing was planned");
    return unit;
  }
  const called = (unit: Unit) => unit.steps.map((one) => one.step);
  const cuts = ["postgres", "shop-db-1"].flatMap((name) =>
    ["create_account", "write_secret", "set_owners", name === "postgres" ? "await_health" : "deploy"].map(
      (cut) => [name, cut] as const,
    ),
  );

  test.each(cuts)(
    "%s, cut off after %s or in the middle of the next step, goes back to what was",
    async (name, cut) => {
      const before = now();
      const unit = await planned(name);
      const last = called(unit).indexOf(cut);
      for (const one of unit.steps.slice(0, last + 1)) await step(home, "does", one);
      // The step after it may have begun: its undoing has to bear that, too, and so has undoing twice.
      const back = unit.steps.slice(0, last + 2).toReversed();
      for (const one of [...back, ...back]) await step(home, "undoes", one);
      expect(now()).toEqual(before);
      expect(await stands(unit, home.systems)).toMatchObject({ is: "before" });
      expect(await observe(unit, home.systems)).toMatchObject({ alongside: ["before", "before", "before"] });
    },
  );

  test("keeps what went along with it once the old one is gone, whatever is undone then", async () => {
    const unit = await planned("postgres");
    for (const one of unit.steps) await step(home, "does", one);
    const after = now();
    for (const one of unit.steps.toReversed()) await step(home, "undoes", one);
    expect(now()).toEqual(after);
    expect(machine.owners("data")).toEqual(["3000:3000", "3000:3000", "3000:3000"]);
    expect(await stands(unit, home.systems)).toMatchObject({ is: "after" });
  });

  test.each(["postgres", "shop-db-1"])(
    "%s is as planned when it changed and removed files of its own since",
    async (name) => {
      const unit = await planned(name);
      for (const one of unit.steps) await step(home, "does", one);
      const data = join(machine.root, name === "postgres" ? "data" : "more");
      chmodSync(data, 0o700);
      rmSync(join(data, "one"));
      expect(await stands(unit, home.systems)).toMatchObject({ is: "after" });
    },
  );

  test("that its manager does not put back keeps its user and its folders", async () => {
    const unit = await planned("shop-db-1");
    for (const one of unit.steps) await step(home, "does", one);
    const after = now();
    const account = unit.steps.find((one) => one.step === "create_account");
    const owners = unit.steps.find((one) => one.step === "set_owners");
    const why = "shop-db-1 still runs as its new user, so that and its folders stay.";
    await expect(step(home, "undoes", owners)).rejects.toThrow(why);
    await expect(step(home, "undoes", account)).rejects.toThrow(why);
    expect(now()).toEqual(after);
  });

  test("is as planned only with all that goes along with it", async () => {
    const unit = await planned("postgres");
    expect(called(unit)).toEqual([
      ...["create_account", "write_secret", "create", "stop", "set_aside", "take_name", "set_owners"],
      ...["start", "await_health", "remove_old"],
    ]);
    for (const one of unit.steps) await step(home, "does", one);
    expect(await stands(unit, home.systems)).toMatchObject({ is: "after" });
    machine.accounts.users.pop();
    expect(await stands(unit, home.systems)).toMatchObject({
      is: "neither",
      why: expect.stringMatching(/ But not so: Make the user \S+ \(3000\), as .* \(neither done nor undone\)\.$/),
    });
  });
});
