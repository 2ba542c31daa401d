import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/shared/json.ts";
import { connectDocker } from "../../../src/systems/docker/index.ts";
import type { Docker, DockerChanges, DockerConnection } from "../../../src/systems/docker/port.ts";
import { lifeContract } from "./contract-life.ts";
import { limitsContract } from "./contract-limits.ts";
import { networkContract } from "./contract-networks.ts";
import { processesContract } from "./contract-processes.ts";

/** The opened rig, for the parts of the contract. `create` and `running` answer ids, which are removed after the test. */
export interface Bench {
  rig(): Rig;
  docker(): { reading: Docker; changing: DockerChanges };
  create(name: string, body?: JsonObject): Promise<string>;
  running(name: string, body?: JsonObject): Promise<string>;
}

/** An engine and a registry for the contract, real or simulated. */
export interface Rig {
  connection: DockerConnection;
  real: boolean;
  /**
   * A tag that the registry has and the engine not: version 1 of lab/publish.sh with "volume". It becomes healthy, says
   * "serving /www1" and on stderr "a line on stderr", has VOLUME /data, WEB_VERSION=1 and EXPOSE 8080.
   */
  image: string;
  digest: string;
  /** In a registry that nobody runs. */
  unreachableImage: string;
  /** A bridge of its own, and a free address in it. */
  network: string;
  address: string;
  volumeExists(name: string): Promise<boolean>;
  close(): Promise<void>;
}

/** What every way to an engine must do, and a simulated engine as a real one does it. `open` is called once. */
export function dockerContract(title: string, open: () => Promise<Rig>): void {
  describe(title, () => {
    let rig: Rig;
    let reading: Docker;
    let changing: DockerChanges;
    const made = new Set<string>();
    beforeAll(async () => {
      rig = await open();
      ({ reading, changing } = connectDocker(rig.connection));
    });
    afterEach(async () => {
      for (const id of [...made].reverse()) {
        await changing.stop(id, 0).catch(ignoreGone);
        await changing.remove(id).catch(ignoreGone);
      }
      made.clear();
    });
    afterAll(async () => {
      await reading?.close();
      await rig?.close();
    });

    const create = async (name: string, body: JsonObject = {}) => {
      const id = await changing.create(name, { Image: rig.image, ...body });
      made.add(id);
      return id;
    };
    const running = async (name: string, body: JsonObject = {}) => {
      const id = await create(name, body);
      await changing.start(id);
      return id;
    };

    it("learns a tag's digest without pulling, then pulls it and finds it by that digest", async () => {
      expect(await reading.remoteDigest(rig.image)).toBe(rig.digest);
      await expect(reading.image(rig.image)).rejects.toMatchObject({ code: "not_found" });
      const progress: number[] = [];
      await changing.pull(rig.image, ({ done_bytes, total_bytes }) => progress.push(done_bytes / total_bytes));
      const image = await reading.image(rig.image);
      expect(image.RepoTags).toEqual([rig.image]);
      const name = rig.image.replace(/:[^:/]*$/, "");
      expect(image.RepoDigests).toEqual([`${name}@${rig.digest}`]);
      expect((await reading.image(`${name}@${rig.digest}`)).Id).toBe(image.Id);
      expect((await reading.image(image.Id)).Config?.Env).toContain("WEB_VERSION=1");
      for (const part of progress) expect(part).toBeLessThanOrEqual(1);
      await changing.pull(rig.image, () => {});
    });

    it("says what it is", async () => {
      const info = await reading.info();
      expect(info.version).toMatch(/^\d+\.\d+/);
      expect(info.api_version).toMatch(/^1\.(?:4[1-9]|5[01])$/);
      expect([1, 2]).toContain(info.cgroup_version);
      expect(info).toMatchObject({ swarm: false, real: rig.real });
    });

    it("tells a tag that is not there from a registry that is not there", async () => {
      const nowhere = `${rig.image}-nowhere`;
      await expect(reading.remoteDigest(nowhere)).rejects.toMatchObject({ code: "not_found" });
      await expect(changing.pull(nowhere, () => {})).rejects.toMatchObject({ code: "not_found" });
      await expect(reading.remoteDigest(rig.unreachableImage)).rejects.toMatchObject({ code: "unreachable" });
      await expect(changing.pull(rig.unreachableImage, () => {})).rejects.toMatchObject({ code: "unreachable" });
    });

    it("creates a container as it is told, and shows it so", async () => {
      await create("contract-echo", {
        Env: ["OWN=1"],
        Labels: { owner: "contract" },
        Hostname: "echo",
        HostConfig: {
          Binds: ["/tmp:/host:ro"],
          RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
          Memory: 64 * 1024 * 1024,
          CapAdd: ["NET_ADMIN"],
          PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "18080" }] },
          NetworkMode: rig.network,
        },
        NetworkingConfig: {
          EndpointsConfig: { [rig.network]: { Aliases: ["www"], IPAMConfig: { IPv4Address: rig.address } } },
        },
      });
      const made = await reading.inspect("contract-echo");
      expect(made.Name).toBe("/contract-echo");
      expect(made.State).toMatchObject({ Status: "created", Running: false, ExitCode: 0 });
      expect(made.Config).toMatchObject({
        Image: rig.image,
        Hostname: "echo",
        Cmd: ["/www1"],
        Entrypoint: ["/bin/serve"],
      });
      expect(made.Config.Env?.slice(0, 1)).toEqual(["OWN=1"]);
      expect(made.Config.Env).toContain("WEB_VERSION=1");
      expect(made.Config.Labels).toEqual({
        owner: "contract",
        "org.opencontainers.image.version": "1",
        "only.in.1": "yes",
      });
      expect(made.Config.ExposedPorts).toEqual({ "8080/tcp": {} });
      expect(made.HostConfig).toMatchObject({
        Binds: ["/tmp:/host:ro"],
        RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
        Memory: 67_108_864,
        CapAdd: ["NET_ADMIN"],
        PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "18080" }] },
        NetworkMode: rig.network,
        AutoRemove: false,
        Privileged: false,
      });
      expect(made.Mounts.map(({ Type, Destination, RW }) => ({ Type, Destination, RW }))).toEqual(
        expect.arrayContaining([
          { Type: "bind", Destination: "/host", RW: false },
          { Type: "volume", Destination: "/data", RW: true },
        ]),
      );
      const endpoint = made.NetworkSettings.Networks[rig.network];
      expect(endpoint).toMatchObject({ Aliases: ["www"], IPAMConfig: { IPv4Address: rig.address }, IPAddress: "" });
    });

    it("refuses a name in use and an image it does not have", async () => {
      await create("contract-taken");
      await expect(create("contract-taken")).rejects.toMatchObject({ code: "conflict" });
      await expect(create("contract-lost", { Image: "nowhere/nothing:1" })).rejects.toMatchObject({
        code: "not_found",
      });
    });

    it("starts, becomes healthy, restarts and stops, each as often as asked", async () => {
      const id = await create("contract-run");
      await changing.start(id);
      await changing.start(id);
      await expect.poll(async () => (await reading.inspect(id)).State.Health?.Status, patient).toBe("healthy");
      const first = await reading.inspect(id);
      expect(first.State).toMatchObject({ Status: "running", Running: true, OOMKilled: false });
      await changing.restart(id, 1);
      expect(Date.parse((await reading.inspect(id)).State.StartedAt)).toBeGreaterThan(
        Date.parse(first.State.StartedAt),
      );
      await changing.stop(id);
      await changing.stop(id, 1);
      expect((await reading.inspect(id)).State).toMatchObject({ Status: "exited", Running: false, ExitCode: 0 });
    });

    it("lists running and stopped ones with their names, images and networks", async () => {
      const [up, down] = [
        await running("contract-up", { HostConfig: { NetworkMode: rig.network } }),
        await create("contract-down"),
      ];
      const image = await reading.image(rig.image);
      const listed = new Map((await reading.list()).map((one) => [one.Id, one]));
      expect(listed.get(up)).toMatchObject({
        Names: ["/contract-up"],
        State: "running",
        Image: rig.image,
        ImageID: image.Id,
      });
      expect(listed.get(up)?.Ports).toEqual([{ PrivatePort: 8080, Type: "tcp" }]);
      expect(listed.get(down)).toMatchObject({ Names: ["/contract-down"], State: "created", Status: "Created" });
    });

    it("samples the counters of a running container at once, and of no other", async () => {
      const id = await create("contract-counters");
      await expect(reading.network(id)).rejects.toMatchObject({ code: "conflict" });
      await changing.start(id);
      const [first, second] = [await reading.network(id), await reading.network(id)];
      expect(second.rx_bytes).toBeGreaterThanOrEqual(first.rx_bytes);
      expect(second.read_at_ms).toBeGreaterThanOrEqual(first.read_at_ms);
      expect(Number.isSafeInteger(second.tx_bytes)).toBe(true);
    });

    it.each([
      { tty: false, stream: "stderr" },
      { tty: true, stream: "stdout" },
    ])("reads a log with the engine's time of each line (terminal: $tty)", async ({ tty, stream }) => {
      const id = await running("contract-log", { Tty: tty });
      const read = () => reading.logs(id, { tail: 10 });
      await expect.poll(async () => (await read()).length, patient).toBe(2);
      const lines = (await read()).sort((a, b) => b.text.localeCompare(a.text));
      expect(lines.map((line) => [line.stream, line.text])).toEqual([
        ["stdout", "serving /www1"],
        [stream, "a line on stderr"],
      ]);
      for (const { at } of lines) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
      expect(await reading.logs(id, { tail: 1 })).toHaveLength(1);
      expect(await reading.logs(id, { tail: 10, since: Math.floor(Date.now() / 1000) + 3600 })).toEqual([]);
    });

    it("renames, also while it runs, but not onto another", async () => {
      const id = await running("contract-old");
      await create("contract-other");
      await expect(changing.rename(id, "contract-other")).rejects.toMatchObject({ code: "conflict" });
      await changing.rename("contract-old", "contract-new");
      expect((await reading.inspect("contract-new")).Id).toBe(id);
      await expect(reading.inspect("contract-old")).rejects.toMatchObject({ code: "not_found" });
    });

    it("sets a restart policy, of a stopped container too, and nothing else", async () => {
      const id = await create("contract-policy", { HostConfig: { RestartPolicy: { Name: "always" } } });
      const before = await reading.inspect(id);
      await changing.restartPolicy("contract-policy", { Name: "on-failure", MaximumRetryCount: 3 });
      const RestartPolicy = { Name: "on-failure", MaximumRetryCount: 3 };
      expect(await reading.inspect(id)).toEqual({ ...before, HostConfig: { ...before.HostConfig, RestartPolicy } });
    });

    it("removes what is stopped, keeps its volumes, and refuses what runs", async () => {
      const id = await running("contract-gone");
      const volume = (await reading.inspect(id)).Mounts.find((mount) => mount.Destination === "/data")?.Name ?? "";
      await expect(changing.remove(id)).rejects.toMatchObject({ code: "conflict" });
      await changing.stop(id, 1);
      await changing.remove(id);
      await expect(reading.inspect(id)).rejects.toMatchObject({ code: "not_found" });
      await expect(changing.start(id)).rejects.toMatchObject({ code: "not_found" });
      expect(volume).toMatch(/^[0-9a-f]{64}$/);
      expect(await rig.volumeExists(volume)).toBe(true);
    });

    it("lets go of an AutoRemove container once it has stopped", async () => {
      const id = await running("contract-brief", { HostConfig: { AutoRemove: true } });
      await changing.stop(id, 1);
      const gone = () => reading.inspect(id).then(String, (error) => error.code);
      await expect.poll(gone, patient).toBe("not_found");
    });

    const bench: Bench = { rig: () => rig, docker: () => ({ reading, changing }), create, running };
    networkContract(bench);
    processesContract(bench);
    limitsContract(bench);
    lifeContract(bench);

    it("tags an image", async () => {
      const { Id } = await reading.image(rig.image);
      await changing.tag(Id, "contract/kept", "before");
      expect((await reading.image("contract/kept:before")).Id).toBe(Id);
      await expect(changing.tag("nowhere/nothing:1", "contract/kept", "x")).rejects.toMatchObject({
        code: "not_found",
      });
    });

    it("takes a name or an id, but not a name for the beginning of an id", async () => {
      const id = await create("contract-id");
      expect((await reading.inspect(id.slice(0, 12))).Id).toBe(id);
      await expect(reading.inspect(id.slice(0, 5))).rejects.toMatchObject({ code: "not_found" });
      await expect(reading.inspect("../version")).rejects.toMatchObject({ code: "bad_input" });
      await expect(changing.stop("x?force=true")).rejects.toMatchObject({ code: "bad_input" });
    });

    it("stops waiting when its caller does", async () => {
      const reason = new Error("enough");
      await expect(reading.list(AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(await reading.list()).toBeInstanceOf(Array);
    });
  });
}

const patient = { timeout: 10_000, interval: 50 };

function ignoreGone(error: { code?: unknown }): void {
  if (error.code !== "not_found") throw error;
}
