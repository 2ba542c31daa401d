import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { DockerConnection } from "../../../src/systems/docker/port.ts";
import { wayTo } from "../../../src/systems/docker/ways.ts";

const ssh = { host: "nas.test", port: 22, user: "steward", key: "none", hostKey: `SHA256:${"A".repeat(43)}` };
const connections: DockerConnection[] = [
  { kind: "socket", path: "/nowhere/docker.sock" },
  { kind: "tcp", url: "tcp://127.0.0.1:2375" },
  { kind: "ssh", ssh, socket: "/var/run/docker.sock" },
  { kind: "portainer", url: "https://127.0.0.1:9443", apiKey: "none", endpoint: 1 },
];

// docker-modem calls inspect with these options for every request, whether it is shown or not.
test.each(connections)("the library's look into its options ends at the agent: $kind", async (connection) => {
  const way = wayTo(connection, 1_000);
  const agent = new Map(Object.entries(await way.open())).get("agent");
  expect(inspect(agent, { showHidden: true, depth: null })).toBe("Agent");
  await way.close();
});
