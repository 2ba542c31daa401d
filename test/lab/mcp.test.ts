import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { planAnswer } from "../../src/tools/plan-answer.ts";
import { imageId, runs } from "./support/inspect.ts";
import { freePort, killProcess, type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";
import { program, programBuilt, terminal } from "./support/terminal.ts";

const passphrase = "four words of a person";

/** The program as it is installed, a real client, a real terminal, a real dockerd. */
describe.skipIf(labMissing !== null)(titled("the whole way: Claude asks, a person approves, it runs"), () => {
  let lab: Lab;
  let env: Record<string, string>;
  let client: Client;
  let transport: StdioClientTransport;
  let old: string;

  beforeAll(async () => {
    programBuilt();
    lab = await startLab({ ssh: true });
    await lab.publish("web", 1);
    await lab.docker("pull", "-q", `${registry}/web`);
    old = await imageId(lab, `${registry}/web`);
  });
  afterAll(() => lab.down());
  beforeEach(async () => {
    const folder = mkdtempSync(join(lab.folder, "state-"));
    const config = join(folder, "config.yaml");
    writeFileSync(
      config,
      `hosts: [{ name: nas, docker: { socket: ${lab.socket} } }]\nupdate: { health_timeout_s: 20, settle_s: 1 }\nhttp: { port: ${await freePort()} }\n`,
    );
    env = { PATH: process.env.PATH ?? "", HOME: folder, HOME_STEWARD_HOME: folder, HOME_STEWARD_CONFIG: config };
    await lab.docker("tag", old, `${registry}/web:latest`);
    await lab.docker("run", "-d", "--name", "web", `${registry}/web`);
    await terminal(env, "setup", passphrase, passphrase);
    client = new Client({ name: "lab", version: "1" });
    transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, "serve"],
      env,
      stderr: "ignore",
    });
    await client.connect(transport);
  });
  afterEach(async () => {
    await client.close();
    await lab.docker("rm", "-fv", ...(await lab.docker("ps", "-aq")).split("\n"));
  });

  const call = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const propose = async () => planAnswer.parse(await call("update_container", { containers: ["web"] }));
  const approve = async (planId: string) => {
    const shown = await terminal(env, `approve ${planId}`, "a", passphrase);
    return /The code is {2}([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(shown)?.[1] ?? "";
  };

  it("lists, plans, is approved at the terminal, updates", async () => {
    const listed = z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), state: z.string() })) });
    const { containers } = listed.parse(await call("list_containers", {}));
    expect(containers.map(({ name, state }) => `${name} ${state}`)).toEqual(["web running"]);

    const digest = await lab.publish("web", 2);
    const plan = await propose();
    expect(plan).toMatchObject({ status: "pending", targets: [{ kind: "container", host: "nas", name: "web" }] });
    const refused = await client.callTool({
      name: "apply_plan",
      arguments: { plan_id: plan.plan_id, token: "AAAA-AAAA" },
    });
    expect(refused.isError).toBe(true);
    expect(await runs(lab, "web")).toBe(`${old} running`);

    const token = await approve(plan.plan_id);
    const done = planAnswer.parse(await call("apply_plan", { plan_id: plan.plan_id, token }));
    expect(done).toMatchObject({ status: "done", results: [{ outcome: "updated" }] });
    expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${digest}`)} running`);
    expect(await terminal(env, "audit verify")).toContain("intact");
  });

  it("rolls a bad one back and says so", async () => {
    await lab.publish("web", 3, "unhealthy");
    const { plan_id } = await propose();
    const ended = planAnswer.parse(await call("apply_plan", { plan_id, token: await approve(plan_id) }));
    expect(ended).toMatchObject({ status: "rolled_back", results: [{ outcome: "rolled_back" }] });
    expect(await runs(lab, "web")).toBe(`${old} running`);
  });

  it("puts it back when the server is killed in the middle, without being started again", async () => {
    await lab.publish("web", 3, "unhealthy");
    const { plan_id } = await propose();
    const token = await approve(plan_id);
    const applied = call("apply_plan", { plan_id, token }).catch(() => "the server is gone");
    const names = () => lab.docker("ps", "-a", "--format", "{{.Names}}");
    expect(await until(names, (all) => all.includes("web.steward-old"))).toContain("web.steward-old");
    killProcess(transport.pid);
    await applied;
    expect(await until(names, (all) => all === "web")).toBe("web");
    expect(
      await until(
        () => runs(lab, "web"),
        (now) => now === `${old} running`,
      ),
    ).toBe(`${old} running`);
  });
});
