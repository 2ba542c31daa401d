import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { HostConfig } from "../src/config/schema.ts";
import { fillSecret, Secret } from "../src/config/secret.ts";
import { dockerConnection } from "../src/connections.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hs-connections-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fromFile(value: string): Secret {
  const secret = new Secret({ file: "/key" });
  fillSecret(secret, value);
  return secret;
}

it("opens secrets and files into what the adapter connects with", () => {
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, "the ca");
  const hosts: [HostConfig, unknown][] = [
    [
      { name: "a", docker: { socket: "/x" } },
      { kind: "socket", path: "/x" },
    ],
    [
      { name: "b", docker: { url: "tcp://b:2376", ca, key: fromFile("the key") } },
      { kind: "tcp", url: "tcp://b:2376", ca: "the ca", key: "the key" },
    ],
    [
      {
        name: "c",
        docker: { ssh: true, socket: "/x" },
        ssh: {
          host: "c.lan",
          port: 22,
          user: "me",
          key_file: fromFile("the key"),
          passphrase: new Secret({ value: "open" }),
          host_key: "SHA256:x",
        },
      },
      {
        kind: "ssh",
        ssh: { host: "c.lan", port: 22, user: "me", key: "the key", passphrase: "open", hostKey: "SHA256:x" },
        socket: "/x",
      },
    ],
    [
      {
        name: "d",
        docker: { portainer: true, endpoint: 3 },
        portainer: { url: "https://d", api_key: new Secret({ value: "ptr" }), fingerprint: "SHA256:y" },
      },
      { kind: "portainer", url: "https://d", apiKey: "ptr", endpoint: 3, fingerprint: "SHA256:y" },
    ],
  ];
  for (const [host, connection] of hosts) expect(dockerConnection(host)).toEqual(connection);
});

it("says which file can't be read", () => {
  const host: HostConfig = { name: "nas", docker: { url: "tcp://nas:2376", ca: join(folder, "nowhere.pem") } };
  expect(() => dockerConnection(host)).toThrow("The file of docker.ca of nas can't be read.");
});
