import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { planAnswer } from "../../src/tools/plan-answer.ts";
import { approveOnPage } from "../support/page-person.ts";
import { imageId, runs } from "./support/inspect.ts";
import { freePort, type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { program, programBuilt, terminal } from "./support/terminal.ts";

const passphrase = "four words of a person";
/** Where Docker's socket is by default, for one program only: what else is in /run there, it does not see. */
const withDockersSocket =
  'mount -t tmpfs none /run && touch /run/docker.sock && mount --bind "$0" /run/docker.sock && exec "$@"';

const listed = z.looseObject({
  containers: z.array(z.looseObject({ host: z.string(), name: z.string(), state: z.string() })),
});

describe.skipIf(labMissing !== null)(titled("npm start on a machine with Docker, nothing configured"), () => {
  let lab: Lab;
  let daemon: ChildProcessByStdio<null, Readable, null>;
  let client: Client;
  let greeting = "";
  const said = (pattern: RegExp) => pattern.exec(greeting)?.[1] ?? "";

  beforeAll(async () => {
    programBuilt();
    lab = await startLab({ ssh: true });
    await lab.publish("web", 1);
    await lab.docker("run", "-d", "--name", "web", `${registry}/web`);
    const home = join(lab.folder, "home");
    mkdirSync(home);
    const port = String(await freePort());
    const env = { PATH: process.env.PATH ?? "", HOME: home, HOME_STEWARD_HOME: home, HOME_STEWARD_HTTP_PORT: port };
    await terminal(env, "setup", passphrase, passphrase);
    const line = ["-m", "sh", "-c", withDockersSocket, lab.socket, process.execPath, program, "daemon"];
    daemon = spawn("unshare", line, { env, stdio: ["ignore", "pipe", "inherit"] });
    for await (const chunk of daemon.stdout) {
      greeting += String(chunk);
      if (greeting.includes("Ctrl-C ends it.")) break;
    }
    client = new Client({ name: "lab", version: "1" });
    const requestInit = { headers: { authorization: said(/"Authorization: (Bearer [\w-]+)"/) } };
    await client.connect(new StreamableHTTPClientTransport(new URL(said(/MCP +(\S+)/)), { requestInit }));
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

  it("says that it found Docker", () => {
    expect(said(/^ +Home +(.*)/m)).toMatch(/^this machine: Docker at \/var\/run\/docker\.sock/);
  });

  it("shows the real containers over HTTP", async () => {
    const { containers } = listed.parse(await call("list_containers", {}));
    expect(containers.map(({ host, name, state }) => `${name} ${state} on ${host}`)).toEqual([
      "web running on this-machine",
    ]);
  });

  it("updates one, once a person approved that on its page", async () => {
    const old = await imageId(lab, `${registry}/web`);
    const digest = await lab.publish("web", 2);
    const { plan_id, status } = planAnswer.parse(await call("update_container", { containers: ["web"] }));
    expect(status).toBe("pending");
    expect(planAnswer.parse(await call("apply_plan", { plan_id, wait_s: 1 })).status).toBe("pending");
    expect(await runs(lab, "web")).toBe(`${old} running`);

    await approveOnPage(said(/Approval page +(\S+)/), passphrase, plan_id);
    const done = planAnswer.parse(await call("apply_plan", { plan_id, wait_s: 50 }));
    expect(done).toMatchObject({ status: "done", results: [{ outcome: "updated" }] });
    expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${digest}`)} running`);
  });
});
