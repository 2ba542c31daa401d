import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StepRun, Unit } from "../../../src/confirm/define.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { composeChanges, composeProjects } from "../../../src/systems/managers/index.ts";
import type { Project } from "../../../src/systems/managers/port.ts";
import { connectShell } from "../../../src/systems/shell/index.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { definitionStands, observeDefinition } from "../../../src/tools/docker/managers/define-step.ts";
import { proposeDefinitions } from "../../../src/tools/docker/managers/propose-definition.ts";
import { quotaSteps } from "../../../src/tools/docker/quotas/steps.ts";
import { type House, openHouse } from "../support/house.ts";
import { run } from "../support/publish.ts";
import { openStackHouse } from "../support/stack-house.ts";

const text = "# ours\nservices:\n  web:\n    image: web # newest\n";
const edit = { limits: { memory_bytes: 64 * 2 ** 20 } };

/** The real commands on this machine's own disk: cp, tee, mv. */
describe.skipIf(process.platform === "win32")("a compose file on a disk [skipped on Windows]", () => {
  let folder: string;
  let file: string;
  let house: House;
  /** What compose itself says of the project. */
  let composed: () => Project;
  beforeEach(async () => {
    composed = () => ({ state: "running", busy: false, deployed: "sha256:1", defined: {}, notes: [] });
    folder = mkdtempSync(join(tmpdir(), "steward-compose-"));
    file = join(folder, "compose.yaml");
    writeFileSync(file, text);
    chmodSync(file, 0o640);
    house = await openHouse({ empty: true });
    const label = "com.docker.compose";
    const labels = { [label]: "", [`${label}.project`]: "shop", [`${label}.service`]: "web" };
    const paths = { [`${label}.project.config_files`]: file, [`${label}.project.working_dir`]: folder };
    run(house.fake, "web", { Labels: { ...labels, ...paths, [`${label}.container-number`]: "1" } });
    const shells = connectShell({ kind: "local" }, [folder]);
    const place = { engine: "/nowhere.sock", roots: [folder] };
    const { managers } = house.systems;
    const projects = { ...composeProjects(shells, place), read: async () => composed() };
    house.systems.managers = { ...managers, compose: fleet("compose", ["nas"], () => projects) };
    house.changes.managers = {
      ...house.changes.managers,
      compose: fleet("compose", ["nas"], () => composeChanges(shells, place)),
    };
  });
  afterEach(async () => {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const stepRun = (): StepRun<Changes, Systems> => ({
    authorised: { planId: "p", digest: "d" },
    changes: house.changes,
    systems: house.systems,
    signal: new AbortController().signal,
    say: () => {},
  });
  const lasting = async () => {
    const container = await house.systems.docker.one("nas").system.inspect("web");
    return proposeDefinitions([{ host: "nas", container, edit }], house.context);
  };
  const planned = async (): Promise<Unit> => {
    const [unit] = (await lasting()).units;
    if (unit === undefined) throw new Error("nothing was planned");
    return unit;
  };
  const args = (unit: Unit) => unit.steps[0]?.args ?? {};

  test("is written whole, with its mode, the old one beside it, and put back byte for byte, as often as asked", async () => {
    const unit = await planned();
    expect(unit).toMatchObject({
      target: { kind: "project", host: "nas", name: "shop" },
      changes: [
        "The compose file of shop, which nothing is made from before its next update:",
        "line 5: + deploy:",
        "line 6: + resources:",
        "line 7: + limits:",
        "line 8: + memory: 64m",
      ],
    });
    expect(await definitionStands(unit, house.systems)).toMatchObject({ is: "before" });
    await quotaSteps.define.does(args(unit), stepRun());
    const limits = "    deploy:\n      resources:\n        limits:\n          memory: 64m\n";
    expect(readFileSync(file, "utf8")).toBe(`${text}${limits}`);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).toSorted()).toEqual(["compose.yaml", "compose.yaml.steward-old"]);
    expect(readFileSync(`${file}.steward-old`, "utf8")).toBe(text);
    expect(await definitionStands(unit, house.systems)).toMatchObject({ is: "after" });
    expect((await lasting()).units).toEqual([]);
    for (let times = 0; times < 2; times++) await quotaSteps.define.undoes(args(unit), undefined, stepRun());
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(await observeDefinition(unit, house.systems)).toEqual(unit.basis);
  });

  test("that somebody changed meanwhile is left alone, forth and back", async () => {
    const unit = await planned();
    writeFileSync(file, `${text}# mine\n`);
    await expect(quotaSteps.define.does(args(unit), stepRun())).rejects.toMatchObject({ code: "conflict" });
    await quotaSteps.define.undoes(args(unit), undefined, stepRun());
    expect(readFileSync(file, "utf8")).toBe(`${text}# mine\n`);
    expect(await definitionStands(unit, house.systems)).toMatchObject({ is: "neither" });
    expect(readdirSync(folder)).toEqual(["compose.yaml"]);
  });

  test("that compose does not take with the change is put back", async () => {
    const unit = await planned();
    composed = () => {
      throw new StewardError("unsupported", "docker compose can't read this project's file there.", "See why.");
    };
    await expect(quotaSteps.define.does(args(unit), stepRun())).rejects.toMatchObject({
      message: "docker compose does not take its file with this change.",
    });
    await quotaSteps.define.undoes(args(unit), undefined, stepRun());
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("that is a link is not followed", async () => {
    rmSync(file);
    writeFileSync(join(folder, "real.yaml"), text);
    symlinkSync(join(folder, "real.yaml"), file);
    expect(await lasting()).toEqual({
      units: [],
      warnings: [
        "web: what defines it could not be changed along with it (This project's file is a link, or not there.)",
      ],
    });
  });
});

test("of a stack of Portainer the plan says which lines to change there", async () => {
  const home = await openStackHouse();
  const container = await home.systems.docker.one("nas").system.inspect("shop-web-1");
  expect(await proposeDefinitions([{ host: "nas", container, edit }], home.context)).toEqual({
    units: [],
    warnings: [
      "shop-web-1: Portainer makes it without this when it deploys the stack. To keep it, change there: " +
        "line 5: + deploy:; line 6: + resources:; line 7: + limits:; line 8: + memory: 64m",
    ],
  });
  await home.close();
});
