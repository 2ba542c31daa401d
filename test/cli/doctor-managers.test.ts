import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DockerFake, startDockerFake } from "../../src/demo/docker/index.ts";
import { startPortainerFake } from "../../src/demo/docker/portainer.ts";
import { selfSigned } from "../../src/demo/truenas/certificate.ts";
import { fingerprintOf } from "../../src/systems/pins.ts";
import { commandLine } from "./support/command-line.ts";

let folder: string;
let docker: DockerFake;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "steward-doctor-"));
  docker = await startDockerFake({ empty: true });
});
afterEach(async () => {
  await docker.close();
  rmSync(folder, { recursive: true, force: true });
});

it("the doctor tries Portainer and compose, shows the certificate to pin, and says what is missing", async () => {
  const { cert, key, der } = selfSigned("demo-portainer");
  const [plain, pinned] = await Promise.all([
    startPortainerFake(docker),
    startPortainerFake(docker, { tls: { cert, key } }),
  ]);
  const fingerprint = fingerprintOf(der);
  const { apiKey } = plain.connection;
  plain.stacks.push({ id: 7, name: "shop", text: "", env: [], status: 1, type: 2 });
  const file = join(folder, "config.yaml");
  const portainer = (url: string, more: object = {}) => ({ portainer: { url, api_key: apiKey, ...more } });
  const hosts = [
    { name: "plain", ...portainer(plain.connection.url) },
    { name: "pinned", ...portainer(pinned.connection.url, { fingerprint }) },
    { name: "bare", ...portainer(pinned.connection.url) },
    { name: "other", portainer: { url: plain.connection.url, api_key: "ptr_other" } },
    { name: "here", shell: "local", compose: true },
  ];
  writeFileSync(file, JSON.stringify({ hosts, http: { port: 18473 } }), { mode: 0o600 });
  const { stdout } = await commandLine(["doctor", "--config", file], { env: { HOME_STEWARD_HOME: folder } });
  const lines = stdout.split("\n");
  const of = (what: string) => lines.filter((line) => line.includes(what));
  expect(of("Portainer on")).toEqual([
    "ok      Portainer on plain: shows 1 stack to this key",
    "ok      Portainer on pinned: shows 0 stacks to this key",
    "PROBLEM Portainer on bare: The certificate that Portainer shows can't be verified.",
    "PROBLEM Portainer on other: Portainer does not take this API key.",
  ]);
  expect(stdout).toContain(`It shows ${fingerprint}.`);
  // Whether this machine has compose is its own affair.
  expect(of("Compose on here")).toEqual([
    expect.stringMatching(/^(ok {5}|PROBLEM) Compose on here: (\d\S*|The machine's docker .*|.*not installed.*)$/),
  ]);
  await Promise.all([plain.close(), pinned.close()]);
});
