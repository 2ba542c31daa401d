import { request } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Door, openDoor } from "../../src/mcp/door.ts";
import { mcpPath, serveHttp } from "../../src/mcp/http.ts";
import { mcpServer } from "../../src/mcp/server.ts";
import { driveNew } from "./support/clients.ts";
import { sampleHouse } from "./support/sample-house.ts";

const token = "a-token-of-the-tests";
const house = sampleHouse();
let door: Door;

beforeAll(async () => {
  door = await serveHttp(mcpServer(house), {
    host: "127.0.0.1",
    port: 0,
    token,
    rooms: [
      async (req, res) => {
        if (req.url !== "/room") return false;
        res.end("a room");
        return true;
      },
    ],
    onResourceChange: house.onResourceChange,
    onError: () => {},
  });
});
afterAll(() => door.close());

/** With node:http: fetch would not let us lie about Host and Origin. */
function ask(headers: Record<string, string>, path: string = mcpPath): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
    const all = { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers };
    const req = request(new URL(path, door.url), { method: "POST", headers: all }, async (res) => {
      let text = "";
      for await (const chunk of res) text += String(chunk);
      resolve({ status: res.statusCode ?? 0, body: text });
    });
    req.once("error", reject);
    req.end(body);
  });
}

const authorization = `Bearer ${token}`;

describe("who is let in", () => {
  it.each([
    ["no token", {}, 401],
    ["a wrong token", { authorization: "Bearer wrong" }, 401],
    ["a token that begins like ours", { authorization: `${authorization}x` }, 401],
    ["our token by another scheme", { authorization: `Basic ${token}` }, 401],
    ["another Host (DNS rebinding)", { authorization, host: "evil.example" }, 403],
    ["another Origin", { authorization, origin: "https://evil.example" }, 403],
    ["no Origin at all, but an opaque one", { authorization, origin: "null" }, 403],
  ])("%s: %j gets %i", async (_, headers, status) => {
    const answer = await ask(headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(token);
  });

  it("our own, by every name of loopback", async () => {
    for (const host of [`localhost:${door.port}`, `127.0.0.1:${door.port}`, `[::1]:${door.port}`]) {
      // No session was begun: the protocol's own answer, not one of the gates'.
      expect((await ask({ authorization, host, origin: `http://${host}` })).status).toBe(400);
    }
  });

  it("the other rooms answer for themselves, and what is nowhere is 404", async () => {
    expect(await ask({}, "/room")).toEqual({ status: 200, body: "a room" });
    expect((await ask({}, "/nowhere")).status).toBe(404);
  });
});

describe.each(["auto", "legacy"] as const)("a client over HTTP (%s)", (mode) => {
  it("lists, calls with progress, and hears of what it follows", async () => {
    const client = new Client({ name: "tests", version: "1" }, { versionNegotiation: { mode } });
    const requestInit = { headers: { authorization } };
    await client.connect(new StreamableHTTPClientTransport(new URL(mcpPath, door.url), { requestInit }));
    const driver = driveNew(client);
    expect((await driver.tools()).length).toBe(7);
    const seen: (string | undefined)[] = [];
    const onprogress = ({ progress, message }: { progress: number; message?: string | undefined }) => {
      seen.push(message);
      if (progress === 2) void driver.call("get_state", { go_on: true });
    };
    await driver.call("count_slowly", {}, { onprogress });
    expect(seen).toEqual(["at 1 of [secret]", "at 1 of [secret]", "at 2 of [secret]"]);
    const changed: string[] = [];
    const stop = await driver.follow("thing://hall/lamp", (uri) => changed.push(uri));
    await driver.call("touch_thing", { uri: "thing://hall/door" });
    await driver.call("touch_thing", { uri: "thing://hall/lamp" });
    await expect.poll(() => changed).toEqual(["thing://hall/lamp"]);
    await stop();
    await driver.close();
  });
});

it("says that a port is taken", async () => {
  const taken = openDoor({ host: "127.0.0.1", port: door.port, rooms: [], onError: () => {} });
  await expect(taken).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("answers 500 and says it to the log when a room breaks", async () => {
  const errors: unknown[] = [];
  const broken = async () => {
    throw new Error("broken");
  };
  const other = await openDoor({ host: "127.0.0.1", port: 0, rooms: [broken], onError: (error) => errors.push(error) });
  const answer = await fetch(other.url);
  expect([answer.status, await answer.text()]).toEqual([500, "Something went wrong here; the log has the details.\n"]);
  expect(errors).toEqual([new Error("broken")]);
  await other.close();
});
