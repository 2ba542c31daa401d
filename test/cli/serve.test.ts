import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decidingGate } from "../../src/cli/own-gate.ts";
import { createApprover } from "../../src/confirm/approver.ts";
import { type DockerFake, startDockerFake } from "../../src/demo/docker/index.ts";
import { startTrueNasFake } from "../../src/demo/truenas/index.ts";
import { newClient } from "../mcp/support/clients.ts";
import { commandLine } from "./support/command-line.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const passphrase = "four words of a person";
let folder: string;
let docker: DockerFake;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hs-serve-"));
  docker = await startDockerFake({ health_after_ms: 50, pull_ms: 50 });
});
afterAll(async () => {
  await docker.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A home of its own, and how a client starts the program for it. */
function home(name: string, yaml: string) {
  const state = join(folder, name);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const file = join(state, "config.yaml");
  writeFileSync(file, yaml);
  return { state, file, start: { args: [main, "serve", "--config", file], env: { HOME_STEWARD_HOME: state } } };
}
const socket = () => (docker.connection.kind === "socket" ? docker.connection.path : "");

describe("serve", () => {
  it("starts and answers with everything down, and says what is down", async () => {
    const { start, state } = home(
      "down",
      `hosts:
  - { name: here, docker: { socket: ${join(folder, "nowhere.sock")} } }
  - { name: nas, docker: { url: "http://127.0.0.1:9" } }
`,
    );
    const client = await newClient("auto", start);
    expect((await client.tools()).length).toBeGreaterThan(5);
    const overview = await client.call("get_overview", {});
    expect(overview.isError).toBeUndefined();
    const said = JSON.stringify(overview.structuredContent);
    expect(said).toContain('"host":"here"');
    expect(said).toContain('"host":"nas"');
    await client.close();
    if (process.platform !== "win32") expect(statSync(state).mode & 0o777).toBe(0o700);
  });

  it("several processes share one home: planned in one, approved in a second, run in a third", {
    timeout: 60_000,
  }, async () => {
    const { start, state } = home(
      "shared",
      `hosts: [{ name: nas, docker: { socket: ${socket()} } }]
http: { port: 18471 }
update: { health_timeout_s: 20, settle_s: 1 }
`,
    );
    await createApprover(state, passphrase);
    const [one, two] = await Promise.all([newClient("auto", start), newClient("legacy", start)]);
    const planned = await one.call("control_container", { action: "restart", container: "sonarr" });
    expect(planned.isError, planned.content[0]?.text).toBeUndefined();
    const planId = String(planned.structuredContent?.plan_id);
    const url = String(Object(planned.structuredContent?.approve).url);
    expect((await fetch(url, { redirect: "manual" })).status).toBe(303);

    const { gate, store } = decidingGate(state);
    gate.approve(planId, await gate.unlock(passphrase, "terminal"), { run: true, surface: "terminal" });
    store().close();

    const applied = await two.call("apply_plan", { plan_id: planId, wait_s: 30 });
    expect(applied.structuredContent?.status, applied.content[0]?.text).toBe("done");
    const seen = await one.call("get_plan", { plan_id: planId });
    expect(Object(seen.structuredContent?.plans)[0].status).toBe("done");
    await Promise.all([one.close(), two.close()]);
  });
});

describe("doctor", () => {
  it("says of everything whether it is in order, and how to mend what is not", async () => {
    const nas = await startTrueNasFake();
    const { url, username, apiKey, fingerprint } = nas.connection;
    const { file, state } = home(
      "doctor",
      `hosts:
  - { name: nas, docker: { socket: ${socket()} } }
  - { name: gone, docker: { socket: ${join(folder, "nowhere.sock")} } }
  - name: bare
    truenas: { url: "${url}", username: ${username}, api_key: ${apiKey} }
  - name: pinned
    truenas: { url: "${url}", username: ${username}, api_key: ${apiKey}, fingerprint: "${fingerprint}" }
http: { port: 18472 }
`,
    );
    const { code, stdout } = await commandLine(["doctor", "--config", file], { env: { HOME_STEWARD_HOME: state } });
    const lines = stdout.replaceAll(folder, "…").split("\n");
    expect(code).toBe(1);
    expect(lines.filter((line) => /^(ok|note)/.test(line))).toEqual([
      `ok      Node: ${process.versions.node}`,
      "ok      Configuration: …/doctor/config.yaml",
      "ok      State folder: …/doctor",
      "note    Approver: there is none yet, so nothing can be changed.",
      "ok      Audit: empty: nothing was ever planned.",
      "ok      Port 18472: free.",
      "ok      Docker on nas: 28.5.2 (API 1.51), simulated",
      "ok      TrueNAS on pinned: 25.10.1",
    ]);
    expect(lines.filter((line) => line.startsWith("PROBLEM"))).toEqual([
      expect.stringMatching(/^PROBLEM Docker on gone: .*…\/nowhere\.sock/),
      "PROBLEM TrueNAS on bare: The certificate that TrueNAS shows can't be verified.",
    ]);
    expect(lines.join("\n")).toContain(`It shows ${fingerprint}.`);
    await nas.close();
  });
});
