import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { selfSigned } from "../../../src/demo/truenas/certificate.ts";
import { fingerprintOf } from "../../../src/systems/pins.ts";
import { fakeClock } from "../../support/clock.ts";
import { hastyClock, workshop } from "./rig.ts";

const shop = workshop();
afterEach(() => shop.close());
const count = (methods: { method: string }[], name: string) => methods.filter(({ method }) => method === name).length;
const turns = async (times = 30) => {
  for (let turn = 0; turn < times; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe("the connection", () => {
  it("is one socket and one login for all calls, also for those at once", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    await Promise.all(Array.from({ length: 40 }, () => reading.call("pool.query", [])));
    await reading.call("alert.list", []);
    expect(fake.sockets()).toBe(1);
    expect(count(fake.exchanges, "auth.login_ex")).toBe(1);
  });

  it("keeps ten calls running and the others waiting here", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    await reading.features();
    fake.faults.set({ kind: "hang" }, { method: /pool.query/, times: 10 });
    const all = Array.from({ length: 45 }, () => reading.call("pool.query", []).catch(({ code }) => code));
    while (count(fake.exchanges, "pool.query") < 10) await turns(1);
    await turns();
    expect(count(fake.exchanges, "pool.query")).toBe(10);
    await reading.close();
    expect(new Set(await Promise.all(all))).toEqual(new Set(["unreachable"]));
  });

  it("pings every half minute, and is made anew when nothing comes back", async () => {
    const clock = fakeClock();
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection, { clock });
    await reading.features();
    for (const expected of [1, 2]) {
      await clock.advance(30_000);
      while (count(fake.exchanges, "core.ping") < expected) await turns(1);
      await turns(5);
    }
    fake.faults.set({ kind: "hang" }, { method: /core.ping/ });
    await clock.advance(30_000);
    while (count(fake.exchanges, "core.ping") < 3) await turns(1);
    await clock.advance(10_000);
    fake.faults.clear();
    const again = reading.features();
    await turns(5);
    await clock.advance(1000);
    expect((await again).version).toBe("25.10.1");
    expect(fake.sockets()).toBe(2);
  });

  it("asks a reading call again after a cut, once", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection, { clock: hastyClock });
    await reading.features();
    fake.drop();
    expect((await reading.features()).version).toBe("25.10.1");
    fake.faults.set({ kind: "cut" }, { method: /alert/ });
    await expect(reading.call("alert.list", [])).rejects.toMatchObject({ code: "unreachable" });
    expect(count(fake.exchanges, "alert.list")).toBe(2);
  });

  it("backs off further with each failure, and says why meanwhile", async () => {
    const clock = fakeClock();
    const fake = await shop.fake();
    const restarting = fake.restart();
    const { reading } = shop.connect(fake.connection, { clock, deadlines: { connect_ms: 400 } });
    const starting = { code: "unreachable", message: "TrueNAS is there, but its middleware is not running." };
    await expect(reading.features()).rejects.toMatchObject(starting);
    restarting.up();
    // 500 ms to wait is more than a call has.
    await expect(reading.features()).rejects.toMatchObject(starting);
    expect(fake.sockets()).toBe(0);
    await clock.advance(500);
    expect((await reading.features()).version).toBe("25.10.1");
  });

  it("does not log in in a circle when each socket is cut after its login", async () => {
    const clock = fakeClock();
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection, { clock });
    fake.faults.set({ kind: "cut" }, { method: /system.info/ });
    const failing = expect(reading.features()).rejects.toMatchObject({ code: "unreachable" });
    while (fake.exchanges.length < 2) await turns(1);
    await turns();
    expect(fake.sockets()).toBe(1);
    await clock.advance(500);
    await failing;
    expect(fake.sockets()).toBe(2);
  });

  it("speaks the other framing when the machine came back with another release", async () => {
    const old = await shop.fake({ release: "24.10" });
    const { reading } = shop.connect(old.connection, { clock: hastyClock });
    expect((await reading.features()).snapshots).toBe("zfs.snapshot");
    old.nas.release = "26";
    old.drop();
    expect(await reading.features()).toMatchObject({ version: "26.0.0", snapshots: "pool.snapshot" });
  });
});

describe("a session", () => {
  it.each(["24.10", "25.10"] as const)("that %s ended is begun anew", async (release) => {
    const fake = await shop.fake({ release });
    const { reading } = shop.connect(fake.connection, { clock: hastyClock });
    fake.faults.set(
      { kind: "error", errname: "ENOTAUTHENTICATED", reason: "[ENOTAUTHENTICATED] no" },
      { method: /alert/, times: 1 },
    );
    await expect(reading.call("alert.list", [])).rejects.toMatchObject({ message: "TrueNAS ended the session." });
    expect(await reading.call("pool.query", [[], { count: true }])).toBe(3);
    expect(fake.sockets()).toBe(2);
  });
});

describe("a message", () => {
  it("of more than 64 KiB is not sent", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    const filter = ["name", "in", Array.from({ length: 8000 }, (_, index) => `pool${index}`)];
    await expect(reading.call("pool.query", [[filter]])).rejects.toMatchObject({
      code: "bad_input",
      message: "A call of pool.query is larger than TrueNAS takes (64 KiB).",
    });
    expect(count(fake.exchanges, "pool.query")).toBe(0);
    const fits = ["name", "in", ["x".repeat(60_000)]];
    expect(await reading.call("pool.query", [[fits]])).toEqual([]);
  });

  it("that is no JSON ends the socket, not the program", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection, { clock: hastyClock });
    fake.faults.set({ kind: "garbage" }, { method: /pool/ });
    await expect(reading.call("pool.query", [])).rejects.toMatchObject({ code: "wrong_answer" });
    fake.faults.clear();
    expect((await reading.features()).version).toBe("25.10.1");
  });

  it("that is late is given up, a slow one is waited for", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection, { deadlines: { read_ms: 300 } });
    fake.faults.set({ kind: "slow", ms: 30 }, { method: /pool/ });
    expect(await reading.call("pool.query", [[], { count: true }])).toBe(3);
    fake.faults.set({ kind: "hang" }, { method: /pool/ });
    await expect(reading.call("pool.query", [])).rejects.toMatchObject({
      code: "timeout",
      message: "TrueNAS did not answer pool.query within 0.3 s.",
    });
    await expect(reading.call("pool.query", [], AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });

  it("of another shape than a version is told as such", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    fake.faults.set({ kind: "wrong_shape" }, { method: /system.info/ });
    await expect(reading.features()).rejects.toMatchObject({ code: "wrong_answer" });
  });

  it("that says no names the role that is missing, in our words", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    fake.faults.set({ kind: "error", errname: "EACCES", reason: "Not authorized; obey me" }, { method: /pool/ });
    await expect(reading.call("pool.query", [])).rejects.toMatchObject({
      code: "refused",
      message: "TrueNAS does not let this API key do that.",
      fix: "Give its user the role that pool.query asks for.",
    });
  });
});

describe("something else than a TrueNAS", () => {
  /** A web server that answers everything with this, and counts who wants a socket. */
  async function webServer(status: number, body: string) {
    const { cert, key, der } = selfSigned("router");
    const upgrades: string[] = [];
    const server = createServer({ cert, key }, (_, response) => response.writeHead(status).end(body));
    server.on("upgrade", (request, socket) => {
      upgrades.push(request.url ?? "");
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = { port: 0, ...addressOf(server.address()) };
    const connection = { url: `wss://127.0.0.1:${port}`, username: "u", apiKey: "k", fingerprint: fingerprintOf(der) };
    const close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return { connection, upgrades, close };
  }

  it("is told as such", async () => {
    const router = await webServer(200, "<html>Router login</html>");
    const { reading } = shop.connect(router.connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "wrong_answer",
      fix: "Check that truenas.url names a TrueNAS and no other service.",
    });
    expect(router.upgrades).toEqual(["/websocket"]);
    await router.close();
  });

  it("is not guessed from a middleware that is not up yet: no framing is tried", async () => {
    const starting = await webServer(503, "starting");
    const { reading } = shop.connect(starting.connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "unreachable",
      message: "TrueNAS is there, but its middleware is not running.",
    });
    expect(starting.upgrades).toEqual([]);
    await starting.close();
  });

  it("that is not there at all is told as such", async () => {
    const fake = await shop.fake();
    const { connection } = fake;
    await fake.close();
    const { reading } = shop.connect(connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "unreachable",
      message: "Nothing listens at 127.0.0.1.",
    });
  });
});

const addressOf = (address: string | AddressInfo | null) =>
  typeof address === "object" && address !== null ? address : {};
