import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { nearClient } from "./support/clients.ts";
import { pageUrl, sampleHouse } from "./support/sample-house.ts";

type Answer = "accept" | "decline" | "cancel" | "hang";
const waiting = { plan_id: "p-1", wait_s: 5 };

async function clientThat(mode: "auto" | "legacy", answer: Answer) {
  const shown: unknown[] = [];
  const prepare = (client: Client) =>
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      shown.push(params);
      if (answer === "hang") await new Promise(() => {});
      return { action: answer === "hang" ? "cancel" : answer };
    });
  const client = await nearClient(mode, sampleHouse(), prepare, {
    capabilities: { elicitation: { url: {} } },
  });
  return { client, shown };
}

describe.each(["auto", "legacy"] as const)("a client that can show an address (%s)", (mode) => {
  it.each(["accept", "decline", "cancel"] as const)(
    "is asked to show the page; %s grants and refuses nothing",
    async (answer) => {
      const { client, shown } = await clientThat(mode, answer);
      const result = await client.call("apply_plan", waiting);
      // The gate decides, and nobody approved: the plan still waits.
      expect(result.structuredContent).toEqual({ status: "pending" });
      await expect.poll(() => shown).toMatchObject([{ mode: "url", url: pageUrl }]);
      expect((await client.call("get_state", {})).structuredContent).toMatchObject({ applied: 1 });
      await client.close();
    },
  );

  it("is not asked when there is a code, or nobody waits, or nothing is applied", async () => {
    const { client, shown } = await clientThat(mode, "accept");
    await client.call("apply_plan", { ...waiting, token: "ABCD-EFGH" });
    await client.call("apply_plan", { plan_id: "p-1" });
    await client.call("plan_change", {});
    expect(shown).toEqual([]);
    await client.close();
  });
});

it("a 2025-era client that never shows it does not hold up the call", async () => {
  const { client } = await clientThat("legacy", "hang");
  expect((await client.call("apply_plan", waiting)).structuredContent).toEqual({ status: "pending" });
  await client.close();
});

it.each(["auto", "legacy"] as const)("a client that declares nothing is asked nothing (%s)", async (mode) => {
  const client = await nearClient(mode, sampleHouse());
  expect((await client.call("apply_plan", waiting)).structuredContent).toEqual({ status: "pending" });
  await client.close();
});
