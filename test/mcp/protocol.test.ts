import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Driver, nearClient, newClient, oldClient, sampleServer } from "./support/clients.ts";
import { sampleHouse } from "./support/sample-house.ts";

const start = { args: [sampleServer] };

describe.each([
  ["a modern client (2026-07-28)", () => newClient("auto", start)],
  ["the same SDK's client of the 2025 era", () => newClient("legacy", start)],
  ["the first SDK's client", () => oldClient(start)],
])("%s over stdio", (_, connect) => {
  let client: Driver;
  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  it("is told how this server works", () => {
    expect(client.instructions()).toMatch(/^Home Steward looks after a home server\./);
  });

  it("sees the tools in their order, with all hints", async () => {
    const tools = await client.tools();
    expect(tools.map(({ name }) => name)).toEqual([
      "get_thing",
      "count_slowly",
      "get_state",
      "touch_thing",
      "fail_always",
      "plan_change",
      "apply_plan",
    ]);
    expect(tools.at(-1)).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
      _meta: { "anthropic/requiresUserInteraction": true },
    });
  });

  it("gets facts and text, scrubbed", async () => {
    expect(await client.call("get_thing", { name: "lamp" })).toMatchObject({
      structuredContent: { name: "lamp", password: "[secret]" },
      content: [{ type: "text", text: "lamp: [secret]" }],
    });
  });

  it("is told what is wrong with its arguments, all of it", async () => {
    const { isError, content } = await client.call("get_thing", { name: 5, level: "middle", extra: 1 });
    expect(isError).toBe(true);
    expect(content[0]?.text).toBe(
      [
        "These arguments don't fit:",
        "- name: Invalid input: expected string, received number",
        '- level: Invalid option: expected one of "low"|"high"',
        '- Unrecognized key: "extra"',
        "Correct them and call again.",
      ].join("\n"),
    );
  });

  it("is told what to do when a system fails, and no more than a number when we did", async () => {
    const kindly = await client.call("fail_always", { kindly: true });
    expect(kindly).toMatchObject({
      isError: true,
      content: [{ text: "nas does not answer ([secret]).\nLook at its power." }],
    });
    const ours = await client.call("fail_always", { kindly: false });
    expect(ours.content[0]?.text).toMatch(
      /^Home Steward made a mistake here \(([0-9a-f]{8})\)\.\nIts log \(stderr\) has the details under \1\. Please report them\.$/,
    );
  });

  it("follows progress, which always grows", async () => {
    const seen: { progress: number; message?: string | undefined }[] = [];
    const onprogress = (one: (typeof seen)[number]) => {
      seen.push(one);
      if (one.progress === 2) void client.call("get_state", { go_on: true });
    };
    expect((await client.call("count_slowly", {}, { onprogress })).structuredContent).toEqual({ counted: 3 });
    expect(seen.map(({ message }) => message)).toEqual(["at 1 of [secret]", "at 1 of [secret]", "at 2 of [secret]"]);
    expect(seen.map(({ progress }) => progress)).toEqual([1, 1.001, 2]);
  });

  it("cancels a call, and the tool stops", async () => {
    const { structuredContent: before } = await client.call("get_state", {});
    const controller = new AbortController();
    const call = client.call(
      "count_slowly",
      {},
      { signal: controller.signal, onprogress: () => controller.abort(new Error("enough")) },
    );
    await expect(call).rejects.toThrow();
    const aborts = async () => (await client.call("get_state", {})).structuredContent?.aborted;
    await expect.poll(aborts).toBe(Number(before?.aborted) + 1);
  });

  it("lists, reads and completes resources", async () => {
    expect(await client.resources()).toMatchObject([
      { uri: "thing://hall/lamp", name: "lamp [secret]", mimeType: "application/json" },
      { uri: "thing://hall/lantern" },
      { uri: "thing://hall/door" },
    ]);
    expect(await client.templates()).toEqual(["thing://{room}/{name}"]);
    const contents = await client.read("thing://hall/lamp");
    expect(contents).toMatchObject([{ uri: "thing://hall/lamp", mimeType: "application/json" }]);
    expect(JSON.stringify(contents)).toContain('\\"password\\": \\"[secret]\\"');
    await expect(client.read("thing://hall/nothing")).rejects.toThrow(/thing:\/\/hall\/nothing/);
    const ref = { type: "ref/resource", uri: "thing://{room}/{name}" } as const;
    expect(await client.complete(ref, { name: "name", value: "la" }, { room: "hall" })).toEqual(["lamp", "lantern"]);
    expect(await client.complete(ref, { name: "name", value: "la" }, { room: "cellar" })).toEqual([]);
  });

  it("hears of the resources it follows, and of no others", async () => {
    const changed: string[] = [];
    const stop = await client.follow("thing://hall/lamp", (uri) => changed.push(uri));
    await client.call("touch_thing", { uri: "thing://hall/door" });
    await client.call("touch_thing", { uri: "thing://hall/lamp" });
    await expect.poll(() => changed).toEqual(["thing://hall/lamp"]);
    await stop();
    await client.call("touch_thing", { uri: "thing://hall/lamp" });
    await client.call("get_state", {});
    expect(changed).toEqual(["thing://hall/lamp"]);
  });

  it("gets prompts, with completed arguments", async () => {
    expect(await client.prompts()).toMatchObject([
      {
        name: "greet",
        title: "Greet",
        arguments: [
          { name: "who", description: "Whom", required: true },
          { name: "how", description: "How", required: false },
        ],
      },
    ]);
    expect(await client.prompt("greet", { who: "lamp" })).toEqual([
      { role: "user", content: { type: "text", text: "Greet lamp kindly with [secret]." } },
    ]);
    await expect(client.prompt("greet", {})).rejects.toThrow();
    const ref = { type: "ref/prompt", name: "greet" } as const;
    expect(await client.complete(ref, { name: "who", value: "d" })).toEqual(["door"]);
  });
});

describe("what is not offered", () => {
  it("is neither listed nor done: read-only", async () => {
    const client = await nearClient("auto", sampleHouse({ offering: { readOnly: true } }));
    const names = (await client.tools()).map(({ name }) => name);
    expect(names).toEqual(["get_thing", "count_slowly", "get_state", "touch_thing", "fail_always"]);
    const refused = await client.call("apply_plan", { plan_id: "p-1" });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: "Home Steward is read-only here.\nOnly the owner changes that, in the configuration." }],
    });
    expect((await client.call("get_state", {})).structuredContent).toEqual({ aborted: 0, applied: 0 });
    await client.close();
  });

  it("does not report a call that its client withdrew", async () => {
    const logged: string[] = [];
    const client = await nearClient("legacy", sampleHouse({ writeLog: (line) => logged.push(line) }));
    const controller = new AbortController();
    const onprogress = () => controller.abort(new Error("enough"));
    await expect(client.call("count_slowly", {}, { signal: controller.signal, onprogress })).rejects.toThrow();
    const aborts = async () => (await client.call("get_state", {})).structuredContent?.aborted;
    await expect.poll(aborts).toBe(1);
    await client.close();
    expect(logged.filter((line) => line.includes("count_slowly"))).toEqual([]);
  });

  it("is neither listed nor done: its system is not configured", async () => {
    const client = await nearClient("legacy", sampleHouse({ offering: { configured: [] } }));
    expect((await client.tools()).map(({ name }) => name)).not.toContain("plan_change");
    expect((await client.call("plan_change", {})).content[0]?.text).toBe(
      "No docker is configured.\nThe owner adds docker to a host first.",
    );
    await client.close();
  });
});
