import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { startPortainerFake } from "../../src/demo/docker/portainer.ts";
import type { DockerConnection } from "../../src/systems/docker/port.ts";
import { fingerprintOf } from "../../src/systems/pins.ts";
import { dockerContract, type Rig } from "../systems/docker/contract.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";

const nothing = async () => {};

/** The contract of test/systems/docker, held against a real dockerd and a real registry: so the simulated one is like them. */
async function realRig(
  via: (lab: Lab) => Promise<{ connection: DockerConnection; close(): Promise<void> }>,
  options: Parameters<typeof startLab>[0] = {},
): Promise<Rig> {
  const lab = await startLab(options);
  const digest = await lab.publish("contract", 1, "volume");
  await lab.docker("network", "create", "--subnet", "10.88.0.0/24", "contract");
  const front = await via(lab);
  return {
    connection: front.connection,
    real: true,
    image: `${registry}/contract:latest`,
    digest,
    unreachableImage: "127.0.0.1:5999/contract:latest",
    network: "contract",
    address: "10.88.0.77",
    volumeExists: (name) =>
      lab.docker("volume", "inspect", name).then(
        () => true,
        () => false,
      ),
    async close() {
      await front.close();
      await lab.down();
    },
  };
}

describe.skipIf(labMissing !== null)(titled("the contract of a Docker engine, on a real one"), () => {
  dockerContract("over its socket", () =>
    realRig(async ({ socket }) => ({ connection: { kind: "socket", path: socket }, close: nothing })),
  );

  dockerContract("over a real sshd, its socket forwarded", () =>
    realRig(async (lab) => ({ connection: overSsh(lab), close: nothing }), { ssh: true }),
  );

  dockerContract("behind a simulated Portainer", () =>
    realRig(({ socket }) => startPortainerFake({ connection: { kind: "socket", path: socket } })),
  );
});

function overSsh({ folder, socket, sshPort }: Lab): DockerConnection {
  const key = (name: string) => readFileSync(join(folder, "ssh", name), "utf8");
  const hostKey = fingerprintOf(Buffer.from(key("host.pub").split(" ")[1] ?? "", "base64"));
  const ssh = { host: "127.0.0.1", port: sshPort, user: "root", key: key("user"), hostKey };
  return { kind: "ssh", ssh, socket };
}
