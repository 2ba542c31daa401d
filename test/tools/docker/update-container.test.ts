import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanView } from "../../../src/confirm/define.ts";
import type { DockerFake } from "../../../src/demo/docker/index.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { publishNext, run } from "../support/publish.ts";

/** Proposed by the tool, approved by a person, run by the real gate through the real adapter. */
let fake: DockerFake;
let home: GatedHouse;
beforeEach(async () => {
  home = await openGatedHouse();
  fake = home.fake;
});
afterEach(() => home.close());

const outcomes = ({ results }: PlanView) => results?.map(({ target, outcome }) => `${target.name}: ${outcome}`);
const plan = (...containers: string[]) => home.plan("update_container", { containers });
const update = async (...containers: string[]) => home.approveAndApply((await plan(...containers)).plan_id);
const names = () => [...fake.engine.containers.values()].map(({ name, run: { status } }) => `${name} ${status}`).sort();

describe("a good update", () => {
  test("runs the approved image under the old name, and keeps the old image and every volume", async () => {
    run(fake, "web", { Volumes: { "/data": {} }, Env: ["A=1"], HostConfig: { Binds: ["conf:/conf"] } });
    const before = fake.engine.find("web");
    const next = publishNext(fake, "web");
    const result = await update("web");
    const after = fake.engine.find("web");
    expect(outcomes(result)).toEqual(["web: done"]);
    expect(result.results?.[0]?.why).toBe(
      `Updated: web runs image ${next.id.slice(7, 19)}, the approved one. Before: ${before.image.id.slice(7, 19)}.`,
    );
    expect(names()).toEqual(["web running"]);
    expect(after.image.id).toBe(next.id);
    expect(after.id).not.toBe(before.id);
    expect(after.mounts.map(({ Name, Destination }) => [Name, Destination]).sort()).toEqual(
      before.mounts.map(({ Name, Destination }) => [Name, Destination]).sort(),
    );
    expect(after.config.Env).toEqual(["A=1"]);
    expect(fake.engine.tags.get(`home-steward-kept:web-${before.image.id.slice(7, 19)}`)).toBe(before.image.id);
  });

  test("no plan holds a container's environment, nor that of one made again with it", async () => {
    const neighbour = { HostConfig: { NetworkMode: "container:web" } };
    run(fake, "web", { Env: ["PASSWORD=canary-4711"] });
    run(fake, "peer", { Env: ["TOKEN=canary-4712"], ...neighbour });
    publishNext(fake, "web");
    const { plan_id } = await plan("web");
    expect(home.store.plans.get(plan_id)?.document).toContain('"without_env":[]');
    expect(home.store.plans.get(plan_id)?.document).not.toContain("canary");
    expect(outcomes(await home.approveAndApply(plan_id))).toEqual(["web: done"]);
    expect(fake.engine.find("web").config.Env).toEqual(["PASSWORD=canary-4711"]);
    expect(fake.engine.find("peer").config.Env).toEqual(["TOKEN=canary-4712"]);
  });

  test("a container without a healthcheck has to keep running first", async () => {
    run(fake, "plain", {}, {});
    publishNext(fake, "plain");
    expect(outcomes(await update("plain"))).toEqual(["plain: done"]);
  });

  test("a stopped container stays stopped", async () => {
    run(fake, "web");
    fake.engine.stop("web");
    publishNext(fake, "web");
    const asked = await plan("web");
    expect(asked.warnings).toEqual(["web is stopped and stays so: nothing will show whether the new image works."]);
    await home.approveAndApply(asked.plan_id);
    expect(names()).toEqual(["web created"]);
    expect(fake.engine.find("web").image.id).toBe(fake.engine.image("web:latest").id);
  });

  test("what lives in its network is made again there, as it was", async () => {
    run(fake, "vpn");
    run(fake, "torrent", { HostConfig: { NetworkMode: "container:vpn" } });
    const torrent = fake.engine.find("torrent");
    publishNext(fake, "vpn");
    const asked = await plan("vpn");
    expect(asked.changes[1]).toBe("torrent is made again as it is: its network is that of vpn");
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["vpn: done"]);
    const now = fake.engine.find("torrent");
    expect(now.host.NetworkMode).toBe(`container:${fake.engine.find("vpn").id}`);
    expect([now.image.id, names()]).toEqual([torrent.image.id, ["torrent running", "vpn running"]]);
  });

  test("several in one plan, the dependant first; the plan says what is left out and why", async () => {
    run(fake, "vpn");
    run(fake, "torrent", { HostConfig: { NetworkMode: "container:vpn" } });
    run(fake, "web");
    const next = ["vpn", "torrent"].map((name) => publishNext(fake, name));
    const asked = await plan("vpn", "torrent", "web");
    expect(asked.title).toBe("Update 2 containers on nas");
    expect(asked.warnings.at(-1)).toBe(
      "Not in this plan: web, because it already runs the newest image of its tag. Nothing needs to be done.",
    );
    const result = await home.approveAndApply(asked.plan_id);
    expect(outcomes(result)).toEqual(["torrent: done", "vpn: done"]);
    expect(["vpn", "torrent"].map((name) => fake.engine.find(name).image.id)).toEqual(next.map(({ id }) => id));
    expect(fake.engine.find("torrent").host.NetworkMode).toBe(`container:${fake.engine.find("vpn").id}`);
  });
});

describe("a bad update", () => {
  test("that never becomes healthy is rolled back, and the saved image is proven to run", async () => {
    run(fake, "web", { HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } } });
    const before = fake.engine.find("web");
    publishNext(fake, "web", { behaviour: { ...before.image.behaviour, health: "unhealthy" } });
    const result = await update("web");
    expect(result.status).toBe("rolled_back");
    expect(result.results?.[0]?.why).toBe(
      "The new web is not well: its healthcheck fails. Look at its log, and after an update at the release notes of its image. " +
        `Now as before: web runs image ${before.image.id.slice(7, 19)}, the saved one, in the saved container.`,
    );
    expect([fake.engine.find("web").id, names()]).toEqual([before.id, ["web running"]]);
    expect(fake.engine.tags.get("web:latest")).toBe(before.image.id);
  });

  test("that ends at once is rolled back, dependants too", async () => {
    run(fake, "vpn");
    run(fake, "torrent", { HostConfig: { NetworkMode: "container:vpn" } });
    const before = ["vpn", "torrent"].map((name) => fake.engine.find(name).id);
    const { behaviour } = fake.engine.find("vpn").image;
    publishNext(fake, "vpn", { behaviour: { ...behaviour, exits: { code: 1, oom: false, after_ms: 0 } } });
    const result = await update("vpn");
    expect(outcomes(result)).toEqual(["vpn: rolled_back"]);
    expect(result.results?.[0]?.why).toContain("it stopped with exit code 1");
    expect(["vpn", "torrent"].map((name) => fake.engine.find(name).id)).toEqual(before);
    expect(names()).toEqual(["torrent running", "vpn running"]);
  });

  test.each(["disk_full", "registry_lost"] as const)(
    "a pull that breaks (%s) leaves everything running",
    async (fault) => {
      run(fake, "web");
      publishNext(fake, "web");
      const { id } = fake.engine.find("web");
      const asked = await plan("web");
      fake.knobs.pull_fault = fault;
      const result = await home.approveAndApply(asked.plan_id);
      expect(outcomes(result)).toEqual(["web: rolled_back"]);
      expect([fake.engine.find("web").id, names()]).toEqual([id, ["web running"]]);
    },
  );

  test("what changed since the plan makes it stale", async () => {
    run(fake, "web");
    publishNext(fake, "web");
    const asked = await plan("web");
    fake.engine.stop("web");
    await expect(home.approveAndApply(asked.plan_id)).resolves.toMatchObject({ status: "stale" });
    expect(names()).toEqual(["web exited"]);
  });
});

describe("no plan, and why", () => {
  const compose = (folder: string) => ({
    "com.docker.compose.project": "ix-plex",
    "com.docker.compose.project.config_files": `${folder}/docker-compose.yml`,
  });
  const cases: [string, object, string][] = [
    ["unsupported", { Labels: compose("/mnt/.ix-apps/app_configs/plex") }, "it belongs to a TrueNAS app"],
    ["unsupported", { Labels: compose("/data/compose/7") }, "it belongs to a Portainer stack"],
    ["unsupported", { Labels: { "com.docker.swarm.service.name": "web" } }, "it is a task of a swarm service"],
    ["unsupported", { HostConfig: { AutoRemove: true } }, "it was started with --rm"],
  ];
  test.each(cases)("%s %j", async (code, asked, why) => {
    run(fake, "web", { ...asked });
    publishNext(fake, "web");
    await expect(plan("web")).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });

  test("nothing newer", async () => {
    run(fake, "web");
    await expect(plan("web")).rejects.toMatchObject({
      code: "nothing_to_do",
      message: "There is nothing to plan. web: it already runs the newest image of its tag.",
    });
  });

  test("a registry that is down, or wants a login, says so", async () => {
    run(fake, "web");
    fake.engine.registry.fail("*", "down");
    await expect(plan("web")).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("can't reach the registry"),
    });
    fake.engine.registry.fail("*", "unauthorized");
    await expect(plan("web")).rejects.toMatchObject({ code: "refused" });
  });

  test("no such container", async () => {
    await expect(plan("web")).rejects.toMatchObject({ code: "not_found" });
  });

  test("a project of compose is updated, with a word about it", async () => {
    run(fake, "web", { Labels: { "com.docker.compose.project": "media", "com.docker.compose.image": "sha256:old" } });
    const next = publishNext(fake, "web");
    const asked = await plan("web");
    expect(asked.warnings[1]).toContain("compose goes on recognising it");
    await home.approveAndApply(asked.plan_id);
    expect(fake.engine.find("web").config.Labels).toEqual({
      "com.docker.compose.project": "media",
      "com.docker.compose.image": next.id,
    });
  });
});
