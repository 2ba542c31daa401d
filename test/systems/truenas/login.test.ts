import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import { diagnoseTrueNas } from "../../../src/systems/truenas/index.ts";
import { fakeClock } from "../../support/clock.ts";
import { workshop } from "./rig.ts";

const shop = workshop();
afterEach(() => shop.close());
const otherPin = `SHA256:${"A".repeat(43)}`;

describe("logging in", () => {
  it.each([
    ["25.04", { response_type: "AUTH_ERR" }, "does not accept the API key"],
    ["25.10", { response_type: "EXPIRED" }, "expired, or TrueNAS revoked it"],
    ["25.10", { response_type: "OTP_REQUIRED", username: "steward" }, "one-time password"],
    ["25.10", { response_type: "REDIRECT", urls: ["https://elsewhere"] }, "another machine of its cluster"],
    ["26", { response_type: "DENIED" }, "may not use TrueNAS's API"],
  ] as const)("to %s explains %j", async (release, says, message) => {
    const fake = await shop.fake({ release, key: { says } });
    const { reading } = shop.connect(fake.connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining(message),
    });
  });

  it("explains an answer that no release had so far", async () => {
    const fake = await startTrueNasFake({ release: "26", key: { says: { response_type: "SOMETHING_NEW" } } });
    const { reading } = shop.connect(fake.connection);
    const message = "TrueNAS asks for a way to log in that Home Steward does not know.";
    await expect(reading.features()).rejects.toMatchObject({ code: "refused", message });
    await fake.close();
  });

  it.each(["24.04", "24.10", "25.04", "25.10", "26"] as const)("to %s tells of a wrong key", async (release) => {
    const fake = await shop.fake({ release });
    const { reading } = shop.connect({ ...fake.connection, apiKey: "1-wrong" });
    await expect(reading.features()).rejects.toMatchObject({
      code: "refused",
      message: "TrueNAS does not accept the API key.",
    });
  });

  it("takes a new socket after a refusal, and not before half a minute has passed", async () => {
    const clock = fakeClock();
    const fake = await shop.fake({ key: { says: { response_type: "EXPIRED" } } });
    const { reading } = shop.connect(fake.connection, { clock });
    const expired = { code: "refused", message: expect.stringContaining("expired") };
    await expect(reading.features()).rejects.toMatchObject(expired);
    await expect(reading.features()).rejects.toMatchObject(expired);
    expect(fake.sockets()).toBe(1);
    await clock.advance(30_001);
    await expect(reading.features()).rejects.toMatchObject(expired);
    expect(fake.sockets()).toBe(2);
  });

  it("never asks for the mechanisms, and sends the key once", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect(fake.connection);
    await reading.features();
    await reading.features();
    expect(fake.exchanges.map(({ method }) => method)).toEqual(["auth.login_ex", "system.info", "system.info"]);
  });

  it("tells of too many logins from this address", async () => {
    const fake = await shop.fake();
    const wrong = { ...fake.connection, apiKey: "1-wrong" };
    for (let tries = 0; tries < 20; tries++)
      await expect(shop.connect(wrong).reading.features()).rejects.toThrow("does not accept the API key");
    const { reading } = shop.connect(fake.connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "refused",
      message: "TrueNAS refuses logins for a while: there were too many from this address.",
    });
  });

  it("sends no key that is too long for a stranger's message", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect({ ...fake.connection, apiKey: "x".repeat(9000) });
    await expect(reading.features()).rejects.toMatchObject({
      code: "bad_input",
      message: "A call of auth.login_ex is larger than TrueNAS takes (8 KiB).",
    });
    expect(fake.exchanges).toEqual([]);
  });
});

describe("the certificate", () => {
  it("is checked before anything is sent: another one than pinned never sees the key", async () => {
    const fake = await shop.fake();
    const { reading } = shop.connect({ ...fake.connection, fingerprint: otherPin });
    await expect(reading.features()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("but another one is pinned"),
    });
    expect(fake.exchanges).toEqual([]);
    expect(fake.sockets()).toBe(0);
  });

  it("must be vouched for where none is pinned; the doctor tells the one that is shown", async () => {
    const fake = await shop.fake();
    const { fingerprint, ...unpinned } = fake.connection;
    const { reading } = shop.connect(unpinned);
    const message = "The certificate that TrueNAS shows can't be verified.";
    await expect(reading.features()).rejects.toMatchObject({ code: "refused", message });
    expect(fake.exchanges).toEqual([]);
    const { reachable, problems } = await diagnoseTrueNas(unpinned);
    expect({ reachable, code: problems[0]?.code }).toEqual({ reachable: false, code: "refused" });
    expect(problems[0]?.fix).toContain(`It shows ${fingerprint}.`);
    expect(await diagnoseTrueNas(fake.connection)).toEqual({ reachable: true, version: "25.10.1", problems: [] });
  });

  it("may be pinned as openssl writes it", async () => {
    const fake = await shop.fake();
    const base64 = fake.connection.fingerprint?.replace("SHA256:", "") ?? "";
    const pairs = Buffer.from(base64, "base64").toString("hex").match(/../g)?.join(":") ?? "";
    const { reading } = shop.connect({ ...fake.connection, fingerprint: pairs.toUpperCase() });
    expect((await reading.features()).version).toBe("25.10.1");
  });
});

describe("plain ws://", () => {
  it("is refused with the reason, and nothing is sent", async () => {
    const seen: Socket[] = [];
    const server = createServer((socket) => seen.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const connection = { url: `ws://127.0.0.1:${port}`, username: "steward", apiKey: "1-secret" };
    const { reading } = shop.connect(connection);
    await expect(reading.features()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("TrueNAS would revoke it"),
      fix: expect.stringContaining("wss://"),
    });
    expect(seen).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});
