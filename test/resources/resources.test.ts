import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanView } from "../../src/confirm/define.ts";
import { resources } from "../../src/resources/registry.ts";
import { type House, noGate, openHouse } from "../tools/support/house.ts";
import { run } from "../tools/support/publish.ts";

const plan: PlanView = {
  plan_id: "p1",
  tool: "control_container",
  status: "pending",
  title: "Stop container web on nas",
  risk: "disruptive",
  targets: [],
  changes: [],
  steps: [],
  warnings: [],
  undo: "",
  created_at: "",
  expires_at: "",
  digest: "",
  note: "",
};
let house: House;
beforeEach(async () => {
  house = await openHouse({ empty: true, gate: { ...noGate, pending: () => [plan], get: () => plan } });
  for (const name of ["web", "webdav", "vpn"]) run(house.fake, name);
});
afterEach(() => house.close());

const resource = (name: string) => {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
};
const uris = async (name: string) => (await resource(name).list(house.context)).map(({ uri }) => uri).sort();

describe("resources", () => {
  test("are listed", async () => {
    expect(await uris("containers")).toEqual(["containers://nas"]);
    expect(await uris("container")).toEqual([
      "containers://nas/vpn",
      "containers://nas/web",
      "containers://nas/webdav",
    ]);
    expect(await uris("plan")).toEqual(["plan://p1"]);
  });

  test("are read", async () => {
    expect(await resource("containers").read({ host: "nas" }, house.context)).toMatchObject({
      host: "nas",
      containers: expect.arrayContaining([expect.objectContaining({ name: "web", state: "running" })]),
    });
    expect(await resource("container").read({ host: "nas", container: "web" }, house.context)).toMatchObject({
      name: "web",
      details: { managed_because: "no label of compose or swarm" },
    });
    expect(await resource("plan").read({ plan_id: "p1" }, house.context)).toMatchObject({
      title: "Stop container web on nas",
    });
  });

  test("complete what was typed", async () => {
    expect(await resource("container").complete.container?.("web", { host: "nas" }, house.context)).toEqual([
      "web",
      "webdav",
    ]);
    expect(await resource("containers").complete.host?.("n", {}, house.context)).toEqual(["nas"]);
    expect(await resource("plan").complete.plan_id?.("p", {}, house.context)).toEqual(["p1"]);
  });

  test("say what is not there", async () => {
    await expect(resource("container").read({ host: "nas", container: "nobody" }, house.context)).rejects.toMatchObject(
      { code: "not_found" },
    );
    await expect(resource("containers").read({ host: "attic" }, house.context)).rejects.toMatchObject({
      code: "not_configured",
    });
  });
});
