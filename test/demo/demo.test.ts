import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Driver, driveNew, newClient } from "../mcp/support/clients.ts";
import { approveOnPage } from "../support/page-person.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const desktop = z.object({
  mcpServers: z.object({
    home: z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  }),
});

/** What a newcomer reads, and does with it. */
describe("the demo home", () => {
  let daemon: ChildProcessByStdio<null, Readable, null>;
  let greeting = "";
  let client: Driver;
  const said = (pattern: RegExp) => pattern.exec(greeting)?.[1] ?? "";

  beforeAll(async () => {
    daemon = spawn(process.execPath, [main, "demo"], { stdio: ["ignore", "pipe", "ignore"], env: {} });
    for await (const chunk of daemon.stdout) {
      greeting += String(chunk);
      if (greeting.includes("Ctrl-C ends it.")) break;
    }
    const http = new Client({ name: "tests", version: "1" }, { versionNegotiation: { mode: "auto" } });
    const requestInit = { headers: { authorization: said(/"Authorization: (Bearer [\w-]+)"/) } };
    await http.connect(new StreamableHTTPClientTransport(new URL(said(/MCP +(\S+)/)), { requestInit }));
    client = driveNew(http);
  });
  afterAll(async () => {
    await client.close();
    const ended = new Promise((resolve) => daemon.once("exit", (code) => resolve(code)));
    daemon.kill("SIGINT");
    expect(await ended).toBe(0);
    // Nothing of it is left behind.
    expect(existsSync(entry().env.HOME_STEWARD_HOME ?? "")).toBe(false);
  });

  const entry = () => desktop.parse(JSON.parse(said(/(\{"mcpServers".*)/))).mcpServers.home;

  async function update(container: string) {
    const planned = await client.call("update_container", { containers: [container] });
    expect(planned.isError, planned.content[0]?.text).toBeUndefined();
    const planId = String(planned.structuredContent?.plan_id);
    await approveOnPage(said(/Approval page +(\S+)/), said(/Its passphrase +(\S+)/), planId);
    const applied = await client.call("apply_plan", { plan_id: planId, wait_s: 50 });
    return { ...applied.structuredContent, text: applied.content[0]?.text };
  }

  it("says where everything is and how to connect", () => {
    expect(greeting).toMatch(/^Home Steward \d/);
    expect(greeting).toContain("the DEMO home: simulated, nothing in it is real");
    expect(greeting).toMatch(
      /claude mcp add --transport http home http:\/\/127\.0\.0\.1:\d+\/mcp --header "Authorization: Bearer \S+"/,
    );
    expect(entry().args.slice(1, 3)).toEqual(["serve", "--config"]);
  });

  it("says in every answer that it is one, and gives its passphrase to nobody", async () => {
    const overview = await client.call("get_overview", {});
    expect(overview.structuredContent?.demo).toBe(true);
    expect(overview.content[0]?.text).toMatch(/^DEMO: a simulated home\./);
    expect(JSON.stringify(overview)).not.toContain(said(/Its passphrase +(\S+)/));
  });

  it("has a NAS, whose pools are read over its own socket", async () => {
    const { structuredContent } = await client.call("get_storage", {});
    expect(structuredContent).toMatchObject({
      pools: [
        { host: "demo-nas", pool: "apps", state: "online", layout: "mirror of 2" },
        { pool: "media", layout: "raidz2 of 6" },
        { pool: "personal" },
      ],
      silent_hosts: [],
      demo: true,
    });
  });

  it("has disks, of which one is dying, and says why", async () => {
    const { structuredContent } = await client.call("get_disks", {});
    const disks = z.array(z.looseObject({ disk: z.string(), tier: z.string(), pool: z.string().nullable() }));
    const told = disks.parse(structuredContent?.disks).map(({ disk, tier, pool }) => `${disk} ${tier} ${pool}`);
    expect(told).toHaveLength(11);
    expect([told[0], told.filter((one) => one.includes(" ok ")).length]).toEqual(["sdd urgent media", 8]);
    const verdict = (await client.call("predict_disk_failure", { disk: "sdd" })).structuredContent;
    expect(verdict).toMatchObject({
      tier: "urgent",
      confidence: "full",
      order: { at_least_bytes: 12_000_000_000_000 },
    });
    expect(z.array(z.string()).parse(verdict?.evidence)).toEqual(
      expect.arrayContaining([
        "The newest finished self-test failed at 21302 h.",
        expect.stringMatching(/^8 unreadable sectors \(197\/198\), up \d in 30 days and 8 in 90, last /),
      ]),
    );
  });

  it("plans what to do about it: a test, and the spare disk in its place", async () => {
    const test = (await client.call("run_disk_test", { disk: "sde", test: "short" })).structuredContent;
    expect(test).toMatchObject({ title: "Run a short self-test on disk sde on demo-nas", status: "pending" });
    const wish = { disk: "sdd", action: "replace", new_disk: "sdi" };
    const exchange = (await client.call("replace_disk", wish)).structuredContent;
    expect(exchange).toMatchObject({
      title: "Replace disk sdd by sdi in pool media on demo-nas",
      risk: "destructive",
      changes: [
        "raidz2-0 of media: sdd (DEMO-HDD-12T, serial DEMOSDD) → sdi (DEMO-HDD-12T, serial DEMOSDI), 12.0 TB",
        expect.stringMatching(/^whatever is on sdi is overwritten/),
      ],
    });
    for (const planned of [test, exchange]) await client.call("get_plan", { plan_id: planned?.plan_id, cancel: true });
  });

  it("has an app of TrueNAS and a stack of Portainer, which these deploy", async () => {
    const changes: unknown[] = [];
    for (const container of ["ix-jellyfin-jellyfin-1", "documents-web-1"]) {
      const { structuredContent: plan } = await client.call("update_container", { containers: [container] });
      changes.push([plan?.title, z.array(z.string()).parse(plan?.changes)[1]]);
      await client.call("get_plan", { plan_id: plan?.plan_id, cancel: true });
    }
    expect(changes).toEqual([
      ["Update app jellyfin on demo-nas", "Made again by TrueNAS: ix-jellyfin-jellyfin-1"],
      [
        "Update stack documents on demo-nas",
        "Portainer deploys all of it; what did not change goes on: documents-broker-1",
      ],
    ]);
  });

  it("has a proxy, and ports that pass it by", async () => {
    const { structuredContent } = await client.call("audit_exposure", {});
    const ports = z.array(z.looseObject({ answers: z.string(), verdict: z.string() }));
    const said = ports.parse(structuredContent?.ports).map(({ answers, verdict }) => `${answers}: ${verdict}`);
    expect(said).toContain("container traefik: front_door");
    expect(said).toContain("container ix-jellyfin-jellyfin-1: close");
    expect(said.join()).not.toContain("documents-web-1");
  });

  it("updates a container that a person approved", { timeout: 60_000 }, async () => {
    expect(await update("sonarr")).toMatchObject({ status: "done", demo: true });
  });

  it("puts the old one back when the new one is bad", { timeout: 60_000 }, async () => {
    expect(await update("radarr")).toMatchObject({ status: "rolled_back", demo: true });
  });

  it("is the same home for a client that starts its own process", async () => {
    const { args, env } = entry();
    expect(dirname(args[3] ?? "")).toBe(env.HOME_STEWARD_HOME);
    expect(readFileSync(args[3] ?? "", "utf8")).toContain('"demo": true');
    const own = await newClient("auto", { args, env });
    const listed = await own.call("list_containers", {});
    expect(listed.structuredContent?.demo).toBe(true);
    await own.close();
  });
});
