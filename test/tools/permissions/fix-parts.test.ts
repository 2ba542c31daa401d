import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

describe.skipIf(missing !== null)(`the parts of one plan${missing === null ? "" : ` [skipped: ${missing}]`}`, () => {
  let home: GatedHouse;
  let machine: Inhabited;
  let folder: string;
  beforeEach(async () => {
    home = await openGatedHouse();
    machine = inhabited(home);
    folder = machine.folder("web", 0);
    run(home.fake, "web", { HostConfig: { Binds: [`${folder}:/data`] } });
  });
  afterEach(async () => {
    machine.leave();
    await home.close();
  });
  const plan = (...findings: string[]) => home.plan("fix_permissions", { findings });
  const outcomes = async (asked: { plan_id: string }, typed: string) =>
    (await home.approveAndApply(asked.plan_id, typed)).results?.map(({ outcome }) => outcome);

  test("leave for the next plan what another part makes again anyway", async () => {
    run(home.fake, "helper", { HostConfig: { NetworkMode: "container:web" } });
    const asked = await plan("helper/new_privileges", "web/new_privileges");
    expect(asked.targets).toEqual([{ kind: "container", host: "nas", name: "web" }]);
    expect(asked.warnings).toContain(
      "Not in this plan: helper, because making web again concerns it, too: plan it after this.",
    );
    expect(await outcomes(asked, "web")).toEqual(["done"]);
    expect(await outcomes(await plan("helper/new_privileges"), "helper")).toEqual(["done"]);
    const { host, run: now } = home.fake.engine.find("helper");
    expect([host.SecurityOpt, now.status]).toEqual([["no-new-privileges:true"], "running"]);
  });

  test("change a folder once only, whosever findings it is among", async () => {
    chmodSync(join(folder, "one"), 0o666);
    run(home.fake, "lister", { HostConfig: { Binds: [`${folder}:/x`] } });
    const asked = await plan("web/world_writable", "lister/world_writable");
    expect(asked.targets).toEqual([{ kind: "folder", host: "nas", name: folder }]);
    expect(asked.warnings).toContain(
      `Not in this plan: ${folder}, because another part of it changes ${folder}: plan it after this.`,
    );
    expect(await outcomes(asked, folder)).toEqual(["done"]);
    expect((statSync(join(folder, "one")).mode & 0o777).toString(8)).toBe("664");
  });

  test("leave for the next plan what is above a folder that goes to a new user", async () => {
    chmodSync(join(folder, "one"), 0o666);
    run(home.fake, "lister", { User: "1000:1000", HostConfig: { Binds: [`${machine.root}:/x:ro`] } });
    const asked = await plan("lister/world_writable", "web/root_user");
    expect(asked.targets).toEqual([{ kind: "container", host: "nas", name: "web" }]);
    expect(asked.warnings).toContain(
      `Not in this plan: ${machine.root}, because another part of it changes ${folder}: plan it after this.`,
    );
    expect(await outcomes(asked, "web")).toEqual(["done"]);
  });

  test("leave a stopped container stopped, and say that nothing was tried", async () => {
    home.fake.engine.stop("web");
    const asked = await plan("web/capabilities_kept");
    expect(asked.warnings).toContain(
      "web is made again and stays stopped; what it needs of the rights it loses shows when somebody starts it.",
    );
    expect(await outcomes(asked, "web")).toEqual(["done"]);
    const { host, run: now } = home.fake.engine.find("web");
    expect([host.CapDrop, now.status]).toEqual([["ALL"], "created"]);
  });
});
