import { expect, test } from "vitest";
import { legacySessions } from "../../src/mcp/sessions.ts";
import { fixtureFactory } from "../conformance/fixture-factory.ts";

const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };

function post(method: string, session?: string, given: object = {}): Request {
  return new Request("http://127.0.0.1/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(session ? { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: given }),
  });
}

async function begin(sessions: ReturnType<typeof legacySessions>): Promise<string> {
  const response = await sessions.fetch(post("initialize", undefined, params));
  await response.text();
  return response.headers.get("mcp-session-id") ?? "none";
}

test("a client keeps its session until it ends it; after that it is told to start again", async () => {
  const sessions = legacySessions(fixtureFactory());
  const id = await begin(sessions);
  expect((await sessions.fetch(post("tools/list", id))).status).toBe(200);
  const end = new Request("http://127.0.0.1/mcp", { method: "DELETE", headers: { "mcp-session-id": id } });
  expect((await sessions.fetch(end)).status).toBe(200);
  expect((await sessions.fetch(post("tools/list", id))).status).toBe(404);
  await sessions.close();
});

test("a stranger's session is not there, and nothing but initialize begins one", async () => {
  const sessions = legacySessions(fixtureFactory());
  expect((await sessions.fetch(post("tools/list", "a-stranger"))).status).toBe(404);
  expect((await sessions.fetch(post("tools/list"))).status).toBe(400);
  await sessions.close();
});

test("when there are too many, the one unused longest gives way", async () => {
  const sessions = legacySessions(fixtureFactory(), 2);
  const first = await begin(sessions);
  const second = await begin(sessions);
  await sessions.fetch(post("ping", first));
  const third = await begin(sessions);
  const statuses = [];
  for (const id of [first, second, third]) statuses.push((await sessions.fetch(post("ping", id))).status);
  expect(statuses).toEqual([200, 404, 200]);
  await sessions.close();
});

test("closing ends them all", async () => {
  const sessions = legacySessions(fixtureFactory());
  const id = await begin(sessions);
  await sessions.close();
  expect((await sessions.fetch(post("ping", id))).status).toBe(404);
});
