import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../src/demo/docker/faults.ts";
import { type DockerFake, startDockerFake } from "../../../src/demo/docker/index.ts";
import { connectDocker } from "../../../src/systems/docker/index.ts";
import type { Docker, DockerChanges } from "../../../src/systems/docker/port.ts";

let fake: DockerFake;
let reading: Docker;
let changing: DockerChanges;
/** Long enough for a busy machine where an answer comes, short where none does. */
const deadlines = { read_ms: 2000, change_ms: 2000, pull_idle_ms: 300, stop_margin_ms: 2000 };
beforeAll(async () => {
  fake = await startDockerFake({ pull_ms: 20, health_after_ms: 50 });
  ({ reading, changing } = connectDocker(fake.connection, { deadlines }));
});
afterEach(() => {
  fake.faults.clear();
  fake.knobs.pull_fault = null;
});
afterAll(async () => {
  await reading.close();
  await fake.close();
});

describe("an engine that misbehaves on the wire", () => {
  const cases: [what: string, fault: Fault, code: string][] = [
    ["hangs up without an answer", { kind: "hang_up" }, "unreachable"],
    ["vanishes in the middle of its answer", { kind: "cut_off" }, "unreachable"],
    ["answers bytes that are not JSON", { kind: "garbage" }, "wrong_answer"],
    ["is another kind of server", { kind: "not_http" }, "wrong_answer"],
    ["is a web page", { kind: "html" }, "wrong_answer"],
    ["answers JSON of another shape", { kind: "wrong_shape" }, "wrong_answer"],
    ["never stops answering", { kind: "endless" }, "wrong_answer"],
    ["wants a login", { kind: "status", status: 401 }, "refused"],
    ["forbids it", { kind: "status", status: 403 }, "refused"],
    ["has too much to do", { kind: "status", status: 429 }, "refused"],
    ["fails inside", { kind: "status", status: 500 }, "refused"],
    ["is a proxy without an engine", { kind: "status", status: 502 }, "unreachable"],
    ["sends us elsewhere", { kind: "status", status: 307 }, "wrong_answer"],
  ];
  it.each(cases)("says so when it %s, and goes on afterwards", async (_, fault, code) => {
    fake.faults.set(fault, { times: 1 });
    const error = await reading.list().catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "StewardError", code });
    expect(`${error.message} ${error.fix}`).not.toMatch(/it said no|Router login|undefined/);
    expect(error.fix).toMatch(/\w.*\.$/);
    expect((await reading.list()).length).toBeGreaterThan(10);
  });

  it("does not follow it elsewhere", async () => {
    const elsewhere = await startDockerFake({ empty: true, listen: "tcp" });
    const url = elsewhere.connection.kind === "tcp" ? elsewhere.connection.url.replace("tcp:", "http:") : "";
    fake.faults.set({ kind: "redirect", to: `${url}/v1.51/containers/json?all=true` });
    await expect(reading.list()).rejects.toMatchObject({ code: "wrong_answer" });
    const other = connectDocker(elsewhere.connection).reading;
    await other.info();
    expect(elsewhere.asked.map((call) => call.path)).toEqual(["/version?", "/info?"]);
    await other.close();
    await elsewhere.close();
  });

  it("gives up on a call that hangs when its time is over, and the next call works", async () => {
    const hasty = connectDocker(fake.connection, { deadlines: { read_ms: 150 } }).reading;
    fake.faults.set({ kind: "hang" });
    await expect(hasty.info()).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringMatching(/within 0\.2 s/),
    });
    fake.faults.clear();
    expect((await reading.info()).version).toBe("28.5.2");
    await hasty.close();
  });

  it("waits for one that is slow but in time", async () => {
    fake.faults.set({ kind: "slow", ms: 50 });
    expect((await reading.list()).length).toBeGreaterThan(10);
  });

  it("stops at once when its caller does, in the middle of a hanging call", async () => {
    fake.faults.set({ kind: "hang" });
    const [stop, reason] = [new AbortController(), new Error("the person left")];
    const asked = reading.list(stop.signal);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it("lets the other calls finish while one hangs", async () => {
    fake.faults.set({ kind: "hang" }, { path: /\/stats/ });
    const stop = new AbortController();
    const hanging = reading.network("sonarr", stop.signal).catch((error) => error);
    expect((await reading.inspect("sonarr")).Name).toBe("/sonarr");
    stop.abort("done");
    expect(await hanging).toBe("done");
  });
});

describe("the version that is spoken", () => {
  it.each([
    ["older than 1.41", { api_minor: 40, min_api_minor: 12 }, "unsupported"],
    ["beyond what we know", { api_minor: 70, min_api_minor: 60 }, "unsupported"],
  ])("is refused where the engine's are all %s", async (_, face, code) => {
    const odd = await startDockerFake({ empty: true, face });
    const docker = connectDocker(odd.connection).reading;
    await expect(docker.info()).rejects.toMatchObject({ code });
    expect(odd.asked.map((call) => call.path)).toEqual(["/version?"]);
    await docker.close();
    await odd.close();
  });

  it.each([
    [41, "1.41"],
    [47, "1.47"],
    [52, "1.51"],
  ])("is the newest that an engine of 1.%i and we both know", async (api_minor, agreed) => {
    const engine = await startDockerFake({ empty: true, face: { api_minor } });
    const docker = connectDocker(engine.connection).reading;
    expect((await docker.info()).api_version).toBe(agreed);
    await docker.close();
    await engine.close();
  });

  it("is agreed on anew after the engine came back as another", async () => {
    const engine = await startDockerFake({ empty: true });
    const docker = connectDocker(engine.connection).reading;
    expect((await docker.info()).api_version).toBe("1.51");
    engine.face.api_minor = 41;
    await expect(docker.list()).rejects.toMatchObject({ code: "unsupported" });
    expect((await docker.info()).api_version).toBe("1.41");
    await docker.close();
    await engine.close();
  });
});

describe("an engine that is not there", () => {
  it("is unreachable, and is found once it is there", async () => {
    const gone = await startDockerFake({ empty: true, listen: "tcp" });
    await gone.close();
    const docker = connectDocker(gone.connection, { deadlines }).reading;
    await expect(docker.list()).rejects.toMatchObject({ code: "unreachable" });
    await docker.close();
  });

  it("is unreachable where its socket does not exist", async () => {
    const docker = connectDocker({ kind: "socket", path: "/nowhere/docker.sock" }).reading;
    await expect(docker.list()).rejects.toMatchObject({
      code: "unreachable",
      message: "Docker's socket /nowhere/docker.sock does not exist.",
      fix: "Start Docker, or correct docker.socket.",
    });
  });

  it("is not looked for where DOCKER_HOST points", async () => {
    process.env.DOCKER_HOST = "tcp://192.0.2.1:1";
    const docker = connectDocker(fake.connection, { deadlines }).reading;
    expect((await docker.info()).real).toBe(false);
    delete process.env.DOCKER_HOST;
    await docker.close();
  });

  it("is not spoken to in clear over a network", async () => {
    const docker = connectDocker({ kind: "tcp", url: "tcp://192.0.2.1:2375" }, { deadlines }).reading;
    await expect(docker.list()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("plain tcp"),
    });
  });
});

describe("a registry or a pull that fails", () => {
  it.each([
    ["unauthorized", "refused", /only after a login/],
    ["denied", "refused", /only after a login/],
    ["rate_limited", "refused", /rate limit/],
    ["missing", "not_found", /no such image or tag/],
    ["down", "unreachable", /can't reach the registry/],
  ] as const)("says of a digest that is %s: %s", async (fault, code, message) => {
    fake.engine.registry.fail("linuxserver/sonarr", fault);
    const both = { code, message: expect.stringMatching(message) };
    await expect(reading.remoteDigest("linuxserver/sonarr")).rejects.toMatchObject(both);
    await expect(changing.pull("linuxserver/sonarr", () => {})).rejects.toMatchObject(both);
    fake.engine.registry.fail("linuxserver/sonarr", null);
    expect(await reading.remoteDigest("linuxserver/sonarr")).toMatch(/^sha256:/);
  });

  it.each([
    ["disk_full", "refused", /disk of the Docker host is full/],
    ["registry_lost", "unreachable", /can't reach the registry/],
    ["cut_off", "unreachable", /hung up/],
    ["hang", "timeout", /within 0\.3 s/],
  ] as const)("fails a pull that began well and then met: %s", async (fault, code, message) => {
    fake.knobs.pull_fault = fault;
    const seen: number[] = [];
    const pull = changing.pull("linuxserver/radarr:latest", ({ done_bytes }) => seen.push(done_bytes));
    await expect(pull).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(seen[0]).toBe(44_000_000);
  });

  it("ends a pull when its caller stops waiting", async () => {
    fake.knobs.pull_fault = "hang";
    const [stop, reason] = [new AbortController(), new Error("enough")];
    const pull = changing.pull("linuxserver/radarr:latest", () => stop.abort(reason), stop.signal);
    await expect(pull).rejects.toBe(reason);
  });

  it("waits as long as a pull makes progress", async () => {
    fake.knobs.pull_ms = 600;
    await changing.pull("linuxserver/sonarr", () => {});
    fake.knobs.pull_ms = 20;
    expect((await reading.image("linuxserver/sonarr")).Config?.Labels).toMatchObject({
      "org.opencontainers.image.version": "4.0.11",
    });
  });
});

describe("stopping", () => {
  it("may take as long as the container is given, and not much longer", async () => {
    const hasty = connectDocker(fake.connection, { deadlines: { change_ms: 100, stop_margin_ms: 100 } });
    const id = await changing.create("at-once", { Image: "redis:alpine", StopTimeout: 0 });
    fake.faults.set({ kind: "slow", ms: 500 }, { path: /\/stop/ });
    await expect(hasty.changing.stop(id)).rejects.toMatchObject({ code: "timeout" });
    await hasty.changing.stop(id, 2);
    await hasty.reading.close();
  });
});
