import { afterEach, describe, expect, test } from "vitest";
import type { ServiceEdit } from "../../../src/analysis/managers/edit-compose.ts";
import { membershipOf } from "../../../src/analysis/managers/members.ts";
import type { StepRun, Unit } from "../../../src/confirm/define.ts";
import type { App, Entry } from "../../../src/demo/truenas/model.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { deployDefinition } from "../../../src/tools/docker/managers/deploy-definition.ts";
import { deploymentStands, observeDeployment } from "../../../src/tools/docker/managers/deploy-standing.ts";
import { deploy } from "../../../src/tools/docker/managers/deploy-step.ts";
import { powerSteps } from "../../../src/tools/docker/managers/power-steps.ts";
import { updateSteps } from "../../../src/tools/docker/update/steps.ts";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";

let home: ShopHouse;
afterEach(() => home.close());

const secret = "horse-battery-staple-9";
const file: Entry = {
  services: {
    db: { image: "db:1" },
    web: { environment: ["PUID=1000", "PGID=1000", `DB_PASSWORD=${secret}`], image: "web:1" },
  },
};
const oneService = [{ version: "1.0.0", services: [{ name: "web", image: "web:1" }] }];
const answers: Entry = {
  resources: { gpus: { use_all_gpus: false }, limits: { cpus: 2, memory: 4096 } },
  run_as: { group: 568, user: 568 },
  shop: { password: secret },
};
const ofFile = { custom: true, config: file };
const ofChart = { custom: false, config: answers };

/** A part of a plan about web; `down` stands for what has to happen while it is down. */
async function planned(edit: ServiceEdit, down = false) {
  const container = await home.systems.docker.one("nas").system.inspect("ix-shop-web-1");
  const member = membershipOf(container);
  if (member === null) throw new Error("it is nobody's");
  const spec = { step: "meanwhile", args: { host: "nas" }, does: "Hand over", undo: "Hand back" };
  const of = [{ container, edit }];
  return deployDefinition({ host: "nas", member, of, before: [], while_down: down ? [spec] : [] }, home.context);
}
async function unitOf(edit: ServiceEdit, down = false): Promise<Unit> {
  const part = await planned(edit, down);
  if ("why" in part) throw new Error(part.why);
  return part.unit;
}

let seen: string[] = [];
const states = () => home.fake.engine.containers.size;
const meanwhile = {
  does: async () => {
    seen.push(`forth with ${states()} containers`);
    return {};
  },
  undoes: async () => {
    seen.push(`back with ${states()} containers`);
  },
};
const steps = new Map(Object.entries({ ...updateSteps, ...powerSteps, deploy, meanwhile }));
const run = (): StepRun<Changes, Systems> => ({
  authorised: { planId: "p", digest: "d" },
  changes: home.changes,
  systems: home.systems,
  signal: new AbortController().signal,
  say: () => {},
});
const does = async (unit: Unit, at: number) =>
  steps.get(unit.steps[at]?.step ?? "")?.does(unit.steps[at]?.args ?? {}, run());
const undoes = async (unit: Unit, at: number) =>
  steps.get(unit.steps[at]?.step ?? "")?.undoes(unit.steps[at]?.args ?? {}, undefined, run());
const doesAll = async (unit: Unit) => {
  for (const at of unit.steps.keys()) await does(unit, at);
};

const web = () => home.fake.engine.find("ix-shop-web-1");
const asked = (method: string) => home.nas.exchanges.filter((one) => one.method === method).map(({ params }) => params);
const update = (settings: Entry) => ["shop", settings];

describe("an app of its owner's own compose file", () => {
  const open = (more: Partial<App> = {}) => openShopHouse({ made: { ...ofFile, ...more } });

  test("is made again by TrueNAS from the changed file, which the plan keeps without its secrets", async () => {
    home = await open();
    const unit = await unitOf({ read_only: true, cap_drop: ["ALL"] });
    expect(unit).toMatchObject({ target: { kind: "app", host: "nas", name: "shop" } });
    expect(unit.changes).toEqual([
      "The file by which TrueNAS makes ix-shop-web-1, deployed at once:",
      "+ cap_drop:",
      "+ - ALL",
      "+ read_only: true",
      "Made again by TrueNAS: ix-shop-db-1, ix-shop-web-1",
    ]);
    expect(unit.steps.map(({ step }) => step)).toEqual(["deploy", "await_project"]);
    expect(JSON.stringify(unit)).not.toContain(secret);
    expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "before" });
    await doesAll(unit);
    expect(web().host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ["ALL"] });
    expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "after" });
  });

  test.each([0, 1, 2, 3])("goes back from step %i, with what happened while it was down", async (last) => {
    home = await open();
    const unit = await unitOf({ environment: { PUID: "3000", PGID: "3000" } }, true);
    expect(unit.steps.map(({ step }) => step)).toEqual(["app_stop", "meanwhile", "deploy", "await_project"]);
    seen = [];
    for (let at = 0; at <= last; at++) await does(unit, at);
    if (last === 3) expect(web().config.Env).toEqual(["PUID=3000", "PGID=3000", `DB_PASSWORD=${secret}`]);
    for (let at = last; at >= 0; at--) await undoes(unit, at);
    expect(seen).toEqual(last === 0 ? [] : ["forth with 0 containers", "back with 0 containers"]);
    expect(web()).toMatchObject({
      run: { status: "running" },
      config: { Env: ["PUID=1000", "PGID=1000", `DB_PASSWORD=${secret}`] },
    });
    expect(home.app.config).toEqual(file);
    expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "before" });
  });

  test("loses a secret that moved into a file of its own, and gets it back from there", async () => {
    home = await open();
    const at = "/mnt/tank/home-steward-secrets/shop-db-password";
    const moved = { variable: "DB_PASSWORD", reads: "DB_PASSWORD_FILE", name: "db_password", file: at };
    const unit = await unitOf({ secrets: [moved] });
    expect(JSON.stringify(unit)).not.toContain(secret);
    const never = async () => {};
    const read = async (asked: string) => (asked === at ? secret : "");
    home.changes.secretFiles = fleet("secretFiles", ["nas"], () => ({ read, write: never, remove: never }));
    await doesAll(unit);
    expect(JSON.stringify(home.app.config)).not.toContain(secret);
    const env = ["PUID=1000", "PGID=1000", "DB_PASSWORD_FILE=/run/secrets/db_password"];
    expect(web()).toMatchObject({
      config: { Env: env },
      mounts: [{ Source: at, Destination: "/run/secrets/db_password" }],
    });
    for (const at of [1, 0]) await undoes(unit, at);
    expect(home.app.config).toEqual(file);
  });

  test("whose file somebody changed meanwhile is left alone", async () => {
    home = await open();
    const unit = await unitOf({ user: "3000:3000" });
    home.app.config = { ...file, "x-note": "mine" };
    expect(await observeDeployment(unit, home.systems)).not.toEqual(unit.basis);
    await expect(does(unit, 0)).rejects.toMatchObject({ code: "conflict" });
    expect(asked("app.update")).toEqual([]);
  });
});

describe("an app of the catalogue", () => {
  const open = () => openShopHouse({ versions: oneService, made: ofChart });

  test("gets limits and a user by the answers to its chart; no other answer is in the plan, or touched", async () => {
    home = await open();
    const unit = await unitOf({ user: "3000:3000", limits: { cpus: 1, memory_bytes: 2 ** 30 } }, true);
    expect(unit.changes).toEqual([
      "The answers to the chart by which TrueNAS makes ix-shop-web-1, deployed at once:",
      "- cpus: 2",
      "- memory: 4096",
      "+ cpus: 1",
      "+ memory: 1024",
      "- group: 568",
      "- user: 568",
      "+ group: 3000",
      "+ user: 3000",
      "Made again by TrueNAS: ix-shop-web-1",
    ]);
    expect(JSON.stringify(unit)).not.toContain(secret);
    await doesAll(unit);
    expect(web()).toMatchObject({ config: { User: "3000:3000" }, host: { NanoCpus: 1e9, Memory: 2 ** 30 } });
    expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "after" });
    const gpus = { use_all_gpus: false };
    expect(asked("app.update")).toEqual([
      update({
        values: { resources: { gpus, limits: { cpus: 1, memory: 1024 } }, run_as: { group: 3000, user: 3000 } },
      }),
    ]);
    for (const at of [3, 2, 1, 0]) await undoes(unit, at);
    expect(home.app.config).toMatchObject(answers);
    expect(web()).toMatchObject({ config: { User: "568:568" }, run: { status: "running" } });
    expect(await deploymentStands(unit, home.systems)).toMatchObject({ is: "before" });
  });

  test("has no place for what its chart does not ask, or asks for all of its containers alike", async () => {
    home = await open();
    expect(await planned({ read_only: true })).toEqual({
      why: "TrueNAS can't be asked for it (The chart that it is made from does not ask for read_only. Leave that part out.)",
    });
    await home.close();
    home = await openShopHouse({ made: ofChart });
    expect(await planned({ limits: { cpus: 1 } })).toEqual({
      why: "its chart says it for ix-shop-db-1 alike, which is not asked for",
    });
  });

  test("that is stopped has to be started first", async () => {
    home = await open();
    home.app.running = false;
    expect(await planned({ user: "1:1" })).toEqual({ why: "it is stopped, and TrueNAS upgrades only apps that run" });
  });
});
