import { afterEach, describe, expect, test } from "vitest";
import type { StepRun, Unit } from "../../../src/confirm/define.ts";
import type { Docker } from "../../../src/systems/docker/port.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { proposeUpdates } from "../../../src/tools/docker/update/propose.ts";
import { observe, stands } from "../../../src/tools/docker/update/standing.ts";
import { updateSteps } from "../../../src/tools/docker/update/steps.ts";
import { type House, openHouse } from "../support/house.ts";
import { publishNext, run } from "../support/publish.ts";

let house: House;
afterEach(() => house.close());

const stepRun = (): StepRun<Changes, Systems> => ({
  authorised: { planId: "p", digest: "d" },
  changes: house.changes,
  systems: house.systems,
  signal: new AbortController().signal,
  say: () => {},
});
const steps = new Map(Object.entries(updateSteps));
const does = (unit: Unit, at: number) =>
  steps.get(unit.steps[at]?.step ?? "")?.does(unit.steps[at]?.args ?? {}, stepRun());
const undoes = (unit: Unit, at: number) =>
  steps.get(unit.steps[at]?.step ?? "")?.undoes(unit.steps[at]?.args ?? {}, undefined, stepRun());

/** A container on its own, a VPN, and one that lives in the VPN's network: the hardest case. */
async function planned(container: string): Promise<Unit> {
  house = await openHouse({ empty: true });
  run(house.fake, "web", { HostConfig: { RestartPolicy: { Name: "always", MaximumRetryCount: 0 } } });
  run(house.fake, "vpn");
  run(house.fake, "torrent", { HostConfig: { NetworkMode: "container:vpn" } }, {});
  publishNext(house.fake, container);
  const { units } = await proposeUpdates({ containers: [container] }, house.context);
  const [unit] = units;
  if (unit === undefined) throw new Error("nothing was planned");
  return unit;
}

const homeNow = () =>
  [...house.fake.engine.containers.values()]
    .map(({ name, id, run: { status }, image, host }) => JSON.stringify([name, id, status, image.id, host]))
    .sort();

describe("an update that ends at any step goes back to what was", () => {
  const cases = ["web", "vpn"].flatMap((name) =>
    Array.from({ length: name === "web" ? 10 : 16 }, (_, at) => [name, at] as const),
  );

  test.each(cases)("%s, killed after step %i, or in the middle of it", async (name, last) => {
    const unit = await planned(name);
    const before = homeNow();
    expect(unit.steps.length).toBe(name === "web" ? 10 : 16);
    for (let at = 0; at <= last; at++) await does(unit, at);
    const standing = await stands(unit, house.systems);
    if (last === unit.steps.length - 1) return expect(standing.is).toBe("after");
    if (standing.is === "after") return expect(unit.steps[last]?.step).toMatch(/start|await_health|remove_old/);
    // The step after it may have begun: its undoing has to bear that, too, and so has undoing twice.
    for (let at = last + 1; at >= 0; at--) await undoes(unit, at);
    for (let at = last + 1; at >= 0; at--) await undoes(unit, at);
    expect(homeNow()).toEqual(before);
    expect(await stands(unit, house.systems)).toMatchObject({ is: "before" });
    expect(await observe(unit, house.systems)).toEqual(unit.basis);
  });
});

describe("where it stands", () => {
  test("before the first step it is as before, and the words name the image id", async () => {
    const unit = await planned("web");
    const { id } = house.fake.engine.find("web").image;
    expect(await stands(unit, house.systems)).toEqual({
      is: "before",
      why: `web runs image ${id.slice(7, 19)}, the saved one, in the saved container.`,
    });
  });

  test("a container somebody made by hand under the name is neither", async () => {
    const unit = await planned("web");
    const { engine } = house.fake;
    engine.stop("web");
    engine.remove("web", { force: false, volumes: false });
    expect(await stands(unit, house.systems)).toEqual({
      is: "neither",
      why: "No container is called web. The saved container is gone.",
    });
    engine.create("web", { Image: "vpn:latest" });
    expect(await stands(unit, house.systems)).toMatchObject({ is: "neither" });
  });

  test("one whose healthcheck starts anew, as after a power cut, is neither while the old one lies aside, and then after", async () => {
    const unit = await planned("web");
    const { system } = house.systems.docker.one("nas");
    const startsAnew: Docker = {
      ...system,
      async inspect(reference) {
        const container = await system.inspect(reference);
        const Health = { Status: "starting", FailingStreak: 0 };
        const Healthcheck = { Test: ["CMD", "true"] };
        return {
          ...container,
          State: { ...container.State, Health },
          Config: { ...container.Config, Healthcheck },
        };
      },
    };
    const standing = () => stands(unit, { ...house.systems, docker: fleet("docker", ["nas"], () => startsAnew) });
    const last = unit.steps.length - 1;
    for (let at = 0; at < last; at++) await does(unit, at);
    expect(await standing()).toMatchObject({ is: "neither", why: expect.stringContaining("says starting") });
    await does(unit, last);
    expect(await standing()).toMatchObject({ is: "after" });
  });

  test("a neighbour that lost its network makes it neither", async () => {
    const unit = await planned("vpn");
    house.fake.engine.stop("torrent");
    const standing = await stands(unit, house.systems);
    expect(standing).toMatchObject({
      is: "neither",
      why: expect.stringContaining("torrent does not go on with it"),
    });
  });
});

describe("single steps", () => {
  test("a request that would gain something is not sent", async () => {
    const unit = await planned("web");
    const create = unit.steps.find(({ step }) => step === "create");
    for (let at = 0; at < 3; at++) await does(unit, at);
    const body = { Image: "web:latest", HostConfig: { Privileged: true } };
    await expect(updateSteps.create.does({ ...create?.args, body }, stepRun())).rejects.toMatchObject({
      code: "refused",
      message: "The new web would get all privileges.",
    });
    expect(house.fake.asked.filter(({ path }) => path.includes("/containers/create"))).toEqual([]);
  });

  test("an image for another kind of machine is not used", async () => {
    const unit = await planned("web");
    for (let at = 0; at < 3; at++) await does(unit, at);
    const next = house.fake.engine.image("web:latest").id;
    const { system } = house.systems.docker.one("nas");
    const foreign: Docker = {
      ...system,
      image: async (reference) => {
        const image = await system.image(reference);
        return image.Id === next ? { ...image, Architecture: "arm64" } : image;
      },
    };
    const run = { ...stepRun(), systems: { ...house.systems, docker: fleet("docker", ["nas"], () => foreign) } };
    await expect(updateSteps.create.does(unit.steps[3]?.args ?? {}, run)).rejects.toMatchObject({
      code: "unsupported",
      message: "The new image of web is for another kind of machine.",
    });
  });

  test("a dependant keeps its image although its tag has moved on, and goes by its name still", async () => {
    const unit = await planned("vpn");
    const { engine } = house.fake;
    const old = engine.find("torrent").image.id;
    const moved = publishNext(house.fake, "torrent");
    engine.addImage(moved, "torrent:latest");
    for (let at = 0; at < unit.steps.length; at++) await does(unit, at);
    expect(engine.find("torrent").image.id).toBe(old);
    expect(engine.find("torrent").config.Image).toBe("torrent:latest");
    expect(engine.tags.get("torrent:latest")).toBe(moved.id);
    expect(engine.find("torrent").host.NetworkMode).toBe(`container:${engine.find("vpn").id}`);
  });

  test("an old container that can't be removed is no reason to take the update back", async () => {
    const unit = await planned("web");
    for (let at = 0; at < unit.steps.length - 1; at++) await does(unit, at);
    house.fake.faults.set({ kind: "status", status: 500 }, { path: /steward-old\?/ });
    expect(await does(unit, unit.steps.length - 1)).toEqual({ removed: false });
    house.fake.faults.clear();
    expect(await stands(unit, house.systems)).toMatchObject({
      is: "after",
      why: expect.stringContaining("Left over, for the next update to remove: web.steward-old."),
    });
  });
});

describe("the next update after one that was cut off in its last step", () => {
  async function nextPlan(): Promise<Unit> {
    const unit = await planned("web");
    for (let at = 0; at < unit.steps.length - 1; at++) await does(unit, at);
    publishNext(house.fake, "web");
    const [next] = (await proposeUpdates({ containers: ["web"] }, house.context)).units;
    if (next === undefined) throw new Error("nothing was planned");
    return next;
  }

  test("removes what that left, and leaves nothing", async () => {
    const next = await nextPlan();
    for (let at = 0; at < next.steps.length; at++) await does(next, at);
    expect(await stands(next, house.systems)).toMatchObject({ is: "after" });
    expect([...house.fake.engine.containers.values()].map(({ name }) => name).sort()).toEqual([
      "torrent",
      "vpn",
      "web",
    ]);
  });

  test.each(Array.from({ length: 10 }, (_, at) => at))(
    "undone after step %i, the container runs as before",
    async (last) => {
      const next = await nextPlan();
      const { id } = house.fake.engine.find("web");
      for (let at = 0; at <= last; at++) await does(next, at);
      for (let at = last; at >= 0; at--) await undoes(next, at);
      expect(await stands(next, house.systems)).toMatchObject({ is: "before" });
      expect(house.fake.engine.find("web")).toMatchObject({ id, run: { status: "running" } });
    },
  );
});
