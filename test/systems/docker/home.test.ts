import { afterEach, describe, expect, it } from "vitest";
import { type DockerFake, startDockerFake } from "../../../src/demo/docker/index.ts";
import { connectDocker } from "../../../src/systems/docker/index.ts";

let fake: DockerFake;
let now = Date.parse("2026-11-20T12:00:00Z");
async function home() {
  fake = await startDockerFake({ pull_ms: 0, now: () => now });
  return connectDocker(fake.connection);
}
afterEach(() => fake.close());

/** An update as a person would do it by hand: the old one renamed and stopped, a new one in its place. */
async function update(name: string) {
  const { reading, changing } = await home();
  const old = await reading.inspect(name);
  await changing.pull(old.Config.Image, () => {});
  await changing.rename(name, `${name}-old`);
  await changing.stop(old.Id);
  const { Image, Env } = old.Config;
  await changing.create(name, { Image, Env: Env ?? [], HostConfig: { NetworkMode: old.HostConfig.NetworkMode } });
  await changing.start(name);
  return { reading, changing, old };
}

describe("the demo home", () => {
  it("has something of everything that goes wrong in a home", async () => {
    const { reading } = await home();
    const listed = await reading.list();
    expect(
      listed.map((one) => [one.Names[0], one.State, /\((?:healthy|unhealthy)\)/.exec(one.Status)?.[0] ?? null]),
    ).toEqual([
      ["/bazarr", "restarting", null],
      ["/immich-machine-learning", "exited", null],
      ["/gluetun", "running", "(healthy)"],
      ["/transmission", "running", null],
      ["/sonarr", "running", "(healthy)"],
      ["/radarr", "running", "(healthy)"],
      ["/plex", "running", null],
      ["/tautulli", "running", null],
      ["/authentik-server", "running", "(healthy)"],
      ["/authentik-worker", "running", "(healthy)"],
      ["/authentik-postgres", "running", "(healthy)"],
      ["/authentik-redis", "running", "(healthy)"],
      ["/portainer", "running", null],
    ]);
    expect((await reading.inspect("immich-machine-learning")).State).toMatchObject({ ExitCode: 137, OOMKilled: true });
    expect((await reading.inspect("bazarr")).RestartCount).toBe(41);
    expect((await reading.inspect("plex")).HostConfig.NetworkMode).toBe("host");
    const gluetun = await reading.inspect("gluetun");
    expect((await reading.inspect("transmission")).HostConfig.NetworkMode).toBe(`container:${gluetun.Id}`);
    expect((await reading.info()).real).toBe(false);
  });

  it("has updates for Sonarr and Radarr and for nothing else", async () => {
    const { reading } = await home();
    const outdated: string[] = [];
    for (const { Names, Image } of await reading.list()) {
      const [served, local] = await Promise.all([reading.remoteDigest(Image), reading.image(Image)]);
      if (!local.RepoDigests?.some((one) => one.endsWith(served))) outdated.push(Names[0] ?? "");
    }
    expect(outdated).toEqual(["/sonarr", "/radarr"]);
  });

  it("shows a good update becoming healthy after a moment", async () => {
    const { reading, old } = await update("sonarr");
    expect((await reading.inspect("sonarr")).State.Health?.Status).toBe("starting");
    now += 2000;
    const fresh = await reading.inspect("sonarr");
    expect(fresh.State.Health?.Status).toBe("healthy");
    expect(fresh.Image).not.toBe(old.Image);
    expect(fresh.Config.Labels?.["org.opencontainers.image.version"]).toBe("4.0.11");
  });

  it("shows a bad update becoming unhealthy, and the old one running again", async () => {
    const { reading, changing, old } = await update("radarr");
    now += 2000;
    expect((await reading.inspect("radarr")).State.Health).toMatchObject({ Status: "unhealthy", FailingStreak: 3 });
    await changing.stop("radarr");
    await changing.remove("radarr");
    await changing.rename("radarr-old", "radarr");
    await changing.start("radarr");
    now += 2000;
    const back = await reading.inspect("radarr");
    expect([back.Id, back.Image, back.State.Health?.Status]).toEqual([old.Id, old.Image, "healthy"]);
  });

  it("counts traffic that never goes backwards, at about the rate of each container", async () => {
    const { reading } = await home();
    let last = await reading.network("gluetun");
    for (let second = 0; second < 30; second += 1) {
      now += 1000;
      const next = await reading.network("gluetun");
      const rate = ((next.rx_bytes - last.rx_bytes) * 1000) / (next.read_at_ms - last.read_at_ms);
      expect(rate).toBeGreaterThan(3_000_000);
      expect(rate).toBeLessThan(9_000_000);
      last = next;
    }
    expect(await reading.network("transmission")).toEqual(last);
  });

  it("starts counting from zero after a restart", async () => {
    const { reading, changing } = await home();
    const before = await reading.network("sonarr");
    await changing.restart("sonarr");
    now += 1000;
    expect((await reading.network("sonarr")).rx_bytes).toBeLessThan(before.rx_bytes / 1000);
  });
});
