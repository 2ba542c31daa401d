import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { approveOnPage } from "../support/page-person.ts";
import { freePort, killProcess, type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";
import { program, programBuilt, terminal } from "./support/terminal.ts";

const passphrase = "four words of a person";
const planned = z.looseObject({ plan_id: z.string(), status: z.string() });
const allowed = z.looseObject({
  automations: z.array(
    z.looseObject({
      grant_id: z.string(),
      last_uses: z.array(z.looseObject({ name: z.string(), status: z.string() })),
    }),
  ),
});

describe.skipIf(labMissing !== null)(titled("a daemon that may start crashed containers"), () => {
  let lab: Lab;
  let daemon: ChildProcessByStdio<null, Readable, null>;
  let client: Client;
  let env: Record<string, string>;
  let page: string;

  beforeAll(async () => {
    programBuilt();
    lab = await startLab();
    await lab.publish("web", 1, "nohealth");
    await lab.docker("run", "-d", "--name", "web", `${registry}/web`);
    await lab.docker("run", "-d", "--name", "stopped", `${registry}/web`);
    const home = join(lab.folder, "home");
    mkdirSync(home);
    const config = join(lab.folder, "config.yaml");
    const port = await freePort();
    writeFileSync(
      config,
      `hosts:\n  - name: nas\n    docker: { socket: ${lab.socket} }\nhttp: { port: ${port} }\nautomations: { every_s: 10 }\n`,
    );
    env = { PATH: process.env.PATH ?? "", HOME: home, HOME_STEWARD_HOME: home };
    await terminal(env, "setup", passphrase, passphrase);
    daemon = spawn(process.execPath, [program, "daemon", "--config", config], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let greeting = "";
    for await (const chunk of daemon.stdout) {
      greeting += String(chunk);
      if (greeting.includes("Ctrl-C ends it.")) break;
    }
    page = /Approval page +(\S+)/.exec(greeting)?.[1] ?? "";
    client = new Client({ name: "lab", version: "1" });
    const authorization = /"Authorization: (Bearer [\w-]+)"/.exec(greeting)?.[1] ?? "";
    const requestInit = { headers: { authorization } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), { requestInit }));
  });
  afterAll(async () => {
    await client.close();
    const ended = once(daemon, "exit");
    daemon.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    await lab.down();
  });

  const call = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const status = (name: string) => lab.docker("inspect", "-f", "{{.State.Status}}", name);
  const crash = async () => killProcess(await lab.docker("inspect", "-f", "{{.State.Pid}}", "web"));

  it("starts one by itself once a person allowed that on the page, and leaves the stopped one alone", async () => {
    const { plan_id } = planned.parse(await call("set_automation", { action: "restart_crashed", containers: ["*"] }));
    await approveOnPage(page, passphrase, plan_id);
    expect(await call("apply_plan", { plan_id, wait_s: 10 })).toMatchObject({ status: "done" });
    await lab.docker("stop", "-t", "1", "stopped");
    await crash();
    expect(
      await until(
        () => status("web"),
        (now) => now === "running",
        60,
      ),
    ).toBe("running");
    expect(await status("stopped")).toBe("exited");
    const uses = async () => allowed.parse(await call("get_automations", {})).automations[0]?.last_uses ?? [];
    expect(await until(uses, ([last]) => last?.status === "done")).toMatchObject([{ name: "web", status: "done" }]);
  });

  it("stops doing so when the terminal says so", async () => {
    const [grant] = allowed.parse(await call("get_automations", {})).automations;
    await terminal(env, `automations revoke ${grant?.grant_id}`);
    expect(await call("get_automations", {})).toEqual({ automations: [] });
    expect(await terminal(env, "audit verify")).toContain("intact");
  });
});
