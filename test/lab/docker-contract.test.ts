import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { startPortainerFake } from "../../src/demo/docker/portainer.ts";
import type { DockerConnection } from "../../src/systems/docker/port.ts";
import { fingerprintOf } from "../../src/systems/pins.ts";
import { dockerContract, type Rig } from "../systems/docker/contract.ts";
import { makeCertificates } from "../systems/docker/rig.ts";
import { portInto } from "./support/into-namespace.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";

const nothing = async () => {};
const image = `${registry}/contract:latest`;

/** The contract of test/systems/docker, held against a real dockerd and registry: so the simulated one is like them. */
describe.skipIf(labMissing !== null)(titled("the contract of a Docker engine, on a real one"), () => {
  const certificates = labMissing === null ? makeCertificates() : null;
  const tls = mkdtempSync(join(tmpdir(), "hs-tls-"));
  let lab: Lab;
  let digest: string;
  beforeAll(async () => {
    if (certificates !== null) {
      const { ca, server } = certificates;
      for (const [name, text] of [
        ["ca.pem", ca] as const,
        ["server.pem", server.cert] as const,
        ["server.key", server.key] as const,
      ])
        writeFileSync(join(tls, name), text, { mode: 0o600 });
    }
    lab = await startLab({ ssh: true, ...(certificates && { tls }) });
    digest = await lab.publish("contract", 1, "volume");
    await lab.docker("network", "create", "--subnet", "10.88.0.0/24", "contract");
  });
  afterAll(async () => {
    await lab.down();
    rmSync(tls, { recursive: true });
  });

  type Front = { connection: DockerConnection; close(): Promise<void> };
  const rig = async ({ connection, close }: Front): Promise<Rig> => ({
    connection,
    real: true,
    image,
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
      await close();
      await lab.docker("rmi", "-f", image, "contract/kept:before");
    },
  });

  dockerContract("over its socket", () => rig({ connection: { kind: "socket", path: lab.socket }, close: nothing }));

  dockerContract("over a real sshd, its socket forwarded", () => rig({ connection: overSsh(lab), close: nothing }));

  dockerContract("behind a simulated Portainer", async () =>
    rig(await startPortainerFake({ connection: { kind: "socket", path: lab.socket } })),
  );

  if (certificates === null) describe.skip("over TLS (skipped: there is no openssl command)", () => {});
  else
    dockerContract("over TLS", async () => {
      const { port, close } = await portInto(lab, 2376);
      const { ca, client } = certificates;
      return rig({ connection: { kind: "tcp", url: `tcp://127.0.0.1:${port}`, ca, ...client }, close });
    });
});

function overSsh({ folder, socket, sshPort }: Lab): DockerConnection {
  const key = (name: string) => readFileSync(join(folder, "ssh", name), "utf8");
  const hostKey = fingerprintOf(Buffer.from(key("host.pub").split(" ")[1] ?? "", "base64"));
  const ssh = { host: "127.0.0.1", port: sshPort, user: "root", key: key("user"), hostKey };
  return { kind: "ssh", ssh, socket };
}
