import { describe } from "vitest";
import { startPortainerFake } from "../../../src/demo/docker/portainer.ts";
import { dockerContract } from "./contract.ts";
import { makeCertificates, simulatedRig } from "./rig.ts";
import { startSshServer } from "./ssh-server.ts";

const nothing = async () => {};

dockerContract("a simulated engine over its socket", () =>
  simulatedRig({}, async ({ connection }) => ({ connection, close: nothing })),
);

dockerContract("a simulated engine of 2020 (API 1.41)", () =>
  simulatedRig({ face: { engine_version: "20.10.24", api_minor: 41, min_api_minor: 12, cgroup: 1 } }, async (fake) => ({
    connection: fake.connection,
    close: nothing,
  })),
);

const certificates = makeCertificates();
if (certificates === null)
  describe.skip("a simulated engine over TLS (skipped: there is no openssl command)", () => {});
else
  dockerContract("a simulated engine over TLS", () =>
    simulatedRig({ listen: { ...certificates.server, ca: certificates.ca } }, async ({ connection }) => ({
      connection: { ...connection, ...certificates.client },
      close: nothing,
    })),
  );

dockerContract("a simulated engine behind Portainer", () => simulatedRig({}, (fake) => startPortainerFake(fake)));

dockerContract("a simulated engine over ssh", () =>
  simulatedRig({}, ({ connection }) => startSshServer(connection.kind === "socket" ? connection.path : "")),
);
