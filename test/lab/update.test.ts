import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { differences, imageId, inspect, runs } from "./support/inspect.ts";
import { type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";
import { expectOutcomes } from "./support/outcomes.ts";

describe.skipIf(labMissing !== null)(titled("updating real containers"), () => {
  let lab: Lab;
  let home: Home;
  let old: string;
  beforeAll(async () => {
    lab = await startLab();
    await lab.docker("network", "create", "--subnet", "10.91.0.0/24", "front");
    await lab.docker("network", "create", "--subnet", "10.92.0.0/24", "back");
  });
  afterAll(() => lab.down());
  beforeEach(async () => {
    home = openHome(await stateFolder(lab), lab.socket);
    await lab.publish("web", 1, "volume");
    await lab.docker("pull", "-q", `${registry}/web`);
    old = await imageId(lab, `${registry}/web`);
  });
  afterEach(async () => {
    await home.close();
    await lab.docker("rm", "-fv", ...(await lab.docker("ps", "-aq")).split("\n"));
  });

  const start = (name: string, options: string[] = [], command: string[] = [], image = "web") =>
    lab.docker("run", "-d", "--name", name, ...options, `${registry}/${image}`, ...command);
  const sidecar = () =>
    start("side", "--network container:web --entrypoint /bin/sh --stop-signal KILL".split(" "), ["-c", "sleep 1000"]);
  const update = async (...containers: string[]) =>
    home.approveAndApply((await home.plan("update_container", { containers })).plan_id);
  const names = async () => (await lab.docker("ps", "-a", "--format", "{{.Names}}")).split("\n").sort();
  const page = (name: string) => lab.docker("exec", name, "wget", "-q", "-O-", "http://127.0.0.1:8080/");
  const field = (name: string, template: string) => lab.docker("inspect", "-f", template, name);

  it("moves a container to the registry's new image and keeps the old one", async () => {
    await start("web");
    const digest = await lab.publish("web", 2, "volume");
    const plan = await update("web");
    expectOutcomes(plan, ["web: done"]);
    expect(plan.status).toBe("done");
    expect(await page("web")).toBe("version 2");
    expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${digest}`)} running`);
    expect(await imageId(lab, `${registry}/web:latest`)).toBe(await imageId(lab, `${registry}/web@${digest}`));
    expect(await names()).toEqual(["web"]);
    expect(await lab.docker("image", "ls", "-q", "--no-trunc", "home-steward-kept")).toBe(old);
  });

  it("proposes nothing when the registry has nothing newer", async () => {
    await start("web");
    await expect(home.plan("update_container", { containers: ["web"] })).rejects.toMatchObject({
      code: "nothing_to_do",
    });
  });

  it("changes what the new image brings and nothing of what the owner set, down to every field of inspect", async () => {
    await lab.docker("volume", "create", "named");
    await start("web", [
      ..."--network front --ip 10.91.0.7 --network-alias www --mac-address 02:11:22:33:44:55".split(" "),
      ..."--hostname web1 --domainname lan --add-host nas:10.0.0.2 --dns 10.0.0.1 -p 127.0.0.1:18080:8080".split(" "),
      ..."--restart on-failure:3 --device /dev/null:/dev/labnull:rw --cap-add NET_ADMIN --cap-drop MKNOD".split(" "),
      ..."--memory 64m --cpus 0.5 --pids-limit 50 --ulimit nofile=1000:2000 --shm-size 16m".split(" "),
      ..."--sysctl net.core.somaxconn=200 --security-opt no-new-privileges --group-add 44 --init".split(" "),
      ..."--tmpfs /scratch:size=1m -v named:/named -v /tmp:/hosttmp:ro -v /unnamed --workdir /tmp".split(" "),
      ..."--stop-signal SIGINT --stop-timeout 3 --oom-score-adj 100 --log-opt max-size=1m".split(" "),
      ..."-e TZ=Europe/Berlin -e WEB_VERSION=mine --label mine=yes --label only.in.1=changed".split(" "),
    ]);
    await lab.docker("network", "connect", "--ip", "10.92.0.9", "--alias", "db", "back", "web");
    await lab.docker("exec", "web", "sh", "-c", "echo kept >/unnamed/file; echo kept >/data/file");
    await until(
      () => field("web", "{{.State.Health.Status}}"),
      (status) => status === "healthy",
    );
    const before = await inspect(lab, "web");
    await lab.publish("web", 2, "volume");
    expectOutcomes(await update("web"), ["web: done"]);
    const after = await inspect(lab, "web");

    // A probe of the healthcheck that happens to run is no difference.
    expect(differences(before, after).filter((path) => path !== "ExecIDs")).toEqual([
      // What the image says, and the container does not say itself.
      "Args",
      "Config.Cmd",
      "Config.Env",
      "Config.Labels.only.in.2",
      "Config.Labels.org.opencontainers.image.version",
      "Created",
      "GraphDriver.Data.LowerDir",
      "GraphDriver.Data.MergedDir",
      "GraphDriver.Data.UpperDir",
      "GraphDriver.Data.WorkDir",
      // Volumes without a name are mounted by the name that the engine gave them, so that none is made anew.
      "HostConfig.Mounts",
      "HostnamePath",
      "HostsPath",
      "Id",
      "Image",
      "LogPath",
      "Mounts",
      // The engine adds the container's id itself.
      "NetworkSettings.Networks.back.Aliases",
      "NetworkSettings.Networks.back.DriverOpts",
      "NetworkSettings.Networks.back.EndpointID",
      "NetworkSettings.Networks.front.Aliases",
      "NetworkSettings.Networks.front.EndpointID",
      "NetworkSettings.SandboxID",
      "NetworkSettings.SandboxKey",
      "ResolvConfPath",
      "State.Health.Log",
      "State.Pid",
      "State.StartedAt",
    ]);
    expect((await field("web", "{{json .Config.Env}}")).slice(1, -1).split(",").sort()).toEqual([
      '"FROM_IMAGE_2=yes"',
      '"PATH=/bin"',
      '"TZ=Europe/Berlin"',
      '"WEB_VERSION=mine"',
    ]);
    expect(JSON.parse(await field("web", "{{json .Config.Labels}}"))).toEqual({
      mine: "yes",
      "only.in.1": "changed",
      "only.in.2": "yes",
      "org.opencontainers.image.version": "2",
    });
    expect(await field("web", "{{json .Config.Cmd}}")).toBe('["/www2"]');
    expect(await field("web", "{{.NetworkSettings.Networks.front.IPAddress}}")).toBe("10.91.0.7");
    expect(await field("web", "{{.NetworkSettings.Networks.front.MacAddress}}")).toBe("02:11:22:33:44:55");
    expect(await field("web", "{{.NetworkSettings.Networks.back.IPAddress}}")).toBe("10.92.0.9");
    expect(await lab.docker("exec", "web", "cat", "/unnamed/file", "/data/file")).toBe("kept\nkept");
  });

  it("keeps the owner's entrypoint, command and switched-off healthcheck", async () => {
    await start(
      "own",
      ["--entrypoint", "/bin/sh", "--stop-signal", "KILL", "--no-healthcheck"],
      ["-c", "echo mine; sleep 1000"],
    );
    await lab.publish("web", 2, "volume");
    expectOutcomes(await update("own"), ["own: done"]);
    expect(
      await field("own", "{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{json .Config.Healthcheck.Test}}"),
    ).toBe('["/bin/sh"] ["-c","echo mine; sleep 1000"] ["NONE"]');
    expect(await field("own", "{{.State.Status}}")).toBe("running");
  });

  it("puts the old container back when the new one is unhealthy: its image, its id, its address", async () => {
    const id = await start("web", ["--network", "front", "--ip", "10.91.0.7"]);
    await lab.publish("web", 3, "volume", "unhealthy");
    const plan = await update("web");
    expect(plan.status).toBe("rolled_back");
    expectOutcomes(plan, ["web: rolled_back"]);
    expect(await runs(lab, "web")).toBe(`${old} running`);
    expect(await field("web", "{{.Id}} {{.NetworkSettings.Networks.front.IPAddress}}")).toBe(`${id} 10.91.0.7`);
    expect(await imageId(lab, `${registry}/web:latest`)).toBe(old);
    expect(await names()).toEqual(["web"]);
  });

  it("watches a container without a healthcheck: one that stays up is done, one that falls over is put back", async () => {
    await lab.publish("plain", 1, "nohealth");
    await lab.docker("pull", "-q", `${registry}/plain`);
    await start("plain", ["--restart", "always"], [], "plain");
    await lab.publish("plain", 2, "nohealth");
    expectOutcomes(await update("plain"), ["plain: done"]);
    const good = await runs(lab, "plain");
    await lab.publish("plain", 3, "nohealth", "crash");
    expectOutcomes(await update("plain"), ["plain: rolled_back"]);
    expect(await runs(lab, "plain")).toBe(good);
  });

  it("makes those again that live in its network, on their own image, and they reach it", async () => {
    await start("web");
    await sidecar();
    await lab.publish("web", 2, "volume");
    expectOutcomes(await update("web"), ["web: done"]);
    expect(await field("side", "{{.HostConfig.NetworkMode}}")).toBe(`container:${await field("web", "{{.Id}}")}`);
    expect(await runs(lab, "side")).toBe(`${old} running`);
    expect(await page("side")).toBe("version 2");
    expect(await names()).toEqual(["side", "web"]);
  });

  it("puts those back too when the new one is unhealthy", async () => {
    const web = await start("web");
    const side = await sidecar();
    await lab.publish("web", 3, "volume", "unhealthy");
    expectOutcomes(await update("web"), ["web: rolled_back"]);
    expect(await field("web", "{{.Id}} {{.State.Status}}")).toBe(`${web} running`);
    expect(await field("side", "{{.Id}} {{.State.Status}}")).toBe(`${side} running`);
    expect(await page("side")).toBe("version 1");
  });

  it("leaves a stopped container stopped, on the new image", async () => {
    await start("web");
    await lab.docker("stop", "web");
    const digest = await lab.publish("web", 2, "volume");
    expectOutcomes(await update("web"), ["web: done"]);
    expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${digest}`)} created`);
  });

  it("refuses one that Docker would delete when it stops, and says why", async () => {
    await start("web", ["--rm"]);
    await lab.publish("web", 2, "volume");
    await expect(home.plan("update_container", { containers: ["web"] })).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("--rm"),
    });
  });

  it("stops at the one that fails: before it done, after it untouched", async () => {
    await lab.publish("bad", 1);
    await lab.docker("pull", "-q", `${registry}/bad`);
    await start("first");
    const second = await start("second", [], [], "bad");
    const third = await start("third");
    await lab.publish("web", 2, "volume");
    await lab.publish("bad", 3, "unhealthy");
    const plan = await update("first", "second", "third");
    expectOutcomes(plan, ["first: done", "second: rolled_back", "third: not_started"]);
    expect(plan.status).toBe("failed");
    expect(await page("first")).toBe("version 2");
    expect(await field("second", "{{.Id}} {{.State.Status}}")).toBe(`${second} running`);
    expect(await field("third", "{{.Id}} {{.State.Status}}")).toBe(`${third} running`);
  });

  it("does nothing when the container was changed after the plan was made", async () => {
    await start("web");
    await lab.publish("web", 2, "volume");
    const { plan_id } = await home.plan("update_container", { containers: ["web"] });
    await lab.docker("rm", "-f", "web");
    const again = await start("web");
    const plan = await home.approveAndApply(plan_id);
    expect(plan.status).toBe("stale");
    expect(await field("web", "{{.Id}}")).toBe(again);
  });
});
