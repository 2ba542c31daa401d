import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DockerFake, type DockerFakeOptions, startDockerFake } from "../../../src/demo/docker/index.ts";
import type { Image } from "../../../src/demo/docker/model.ts";
import type { DockerConnection } from "../../../src/systems/docker/port.ts";
import type { Rig } from "./contract.ts";

/** The simulated twin of lab/publish.sh's version 1 with "volume". */
const web: Image = {
  id: `sha256:${"1a".repeat(32)}`,
  digest: `sha256:${"2b".repeat(32)}`,
  repository: "127.0.0.1:5000/contract",
  created_ms: Date.parse("2026-01-01T00:00:00Z"),
  size_bytes: 2_000_000,
  config: {
    Env: ["PATH=/bin", "WEB_VERSION=1", "FROM_IMAGE_1=yes"],
    Entrypoint: ["/bin/serve"],
    Cmd: ["/www1"],
    ExposedPorts: { "8080/tcp": {} },
    Volumes: { "/data": {} },
    Labels: { "org.opencontainers.image.version": "1", "only.in.1": "yes" },
    Healthcheck: { Test: ["CMD-SHELL", "wget -q -O- http://127.0.0.1:8080/ | grep -q version"] },
  },
  behaviour: {
    health: "healthy",
    rx_bytes_per_s: 1000,
    tx_bytes_per_s: 500,
    says: [
      { stream: "stdout", text: "serving /www1" },
      { stream: "stderr", text: "a line on stderr" },
    ],
  },
};

/** A simulated engine for the contract. `via` puts something in front of it. */
export async function simulatedRig(
  options: DockerFakeOptions,
  via: (fake: DockerFake) => Promise<{ connection: DockerConnection; close(): Promise<void> }>,
): Promise<Rig> {
  const fake = await startDockerFake({ empty: true, pull_ms: 20, health_after_ms: 100, ...options });
  fake.engine.registry.publish("127.0.0.1:5000/contract:latest", web);
  fake.engine.registry.fail("192.0.2.1:5000/contract", "down");
  fake.engine.addNetwork("contract", "10.88.0");
  const front = await via(fake);
  return {
    connection: front.connection,
    real: false,
    image: "127.0.0.1:5000/contract:latest",
    digest: web.digest,
    unreachableImage: "192.0.2.1:5000/contract:latest",
    network: "contract",
    address: "10.88.0.77",
    volumeExists: async (name) => fake.engine.volumes.has(name),
    async close() {
      await front.close();
      await fake.close();
    },
  };
}

interface Pair {
  cert: string;
  key: string;
}

/** An authority, a server certificate for 127.0.0.1 and a client's; null where there is no openssl to make them. */
export function makeCertificates(): { ca: string; server: Pair; client: Pair } | null {
  const folder = mkdtempSync(join(tmpdir(), "home-steward-certs-"));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore", cwd: folder });
  const key = (name: string) => ["-newkey", "rsa:2048", "-nodes", "-keyout", at(`${name}.key`), "-subj", `/CN=${name}`];
  const read = (name: string) => ({
    cert: readFileSync(at(`${name}.pem`), "utf8"),
    key: readFileSync(at(`${name}.key`), "utf8"),
  });
  try {
    openssl("req", "-x509", ...key("ca"), "-out", at("ca.pem"), "-days", "2");
    writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1");
    for (const name of ["server", "client"]) {
      openssl("req", "-new", ...key(name), "-out", at(`${name}.csr`));
      const signer = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("names")];
      openssl("x509", "-req", "-in", at(`${name}.csr`), ...signer, "-out", at(`${name}.pem`), "-days", "2");
    }
    return { ca: read("ca").cert, server: read("server"), client: read("client") };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
