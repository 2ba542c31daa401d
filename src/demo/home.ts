import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApprover } from "../confirm/approver.ts";
import { rememberDisks } from "./disk-history.ts";
import { startDockerFake } from "./docker/index.ts";
import { startPortainerFake } from "./docker/portainer.ts";
import { moveInManaged } from "./managed.ts";
import { startTrueNasFake } from "./truenas/index.ts";

/** A simulated home that runs in this process, and can be opened by others through its configuration file. */
export interface DemoHome {
  /** Its own state folder, gone after `close`. */
  folder: string;
  configFile: string;
  /** Of its approver, who exists already. */
  passphrase: string;
  close(): Promise<void>;
}

/** Starts the simulated systems at wire level, with a state folder, a configuration and an approver of their own. */
export async function startDemoHome(port: number): Promise<DemoHome> {
  const [docker, nas] = await Promise.all([startDockerFake(), startTrueNasFake({ release: "25.04" })]);
  const portainer = await startPortainerFake(docker);
  moveInManaged(docker, nas, portainer);
  const folder = mkdtempSync(join(tmpdir(), "home-steward-demo-"));
  const configFile = join(folder, "config.yaml");
  const passphrase = madeUpPassphrase();
  if (docker.connection.kind !== "socket") throw new Error("the simulated Docker listens on a socket");
  const { apiKey, ...address } = nas.connection;
  const config = {
    demo: true,
    hosts: [
      {
        name: "demo-nas",
        docker: { socket: docker.connection.path },
        truenas: { ...address, api_key: apiKey },
        portainer: { url: portainer.connection.url, api_key: portainer.connection.apiKey },
      },
    ],
    http: { port },
    // A newcomer has five minutes, and the simulated containers know within two seconds how they are.
    update: { health_timeout_s: 20, settle_s: 3 },
  };
  // JSON is YAML.
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await createApprover(folder, passphrase);
  rememberDisks(folder, nas.nas.disks, Date.now());
  return {
    folder,
    configFile,
    passphrase,
    async close() {
      await Promise.all([portainer.close(), docker.close(), nas.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const words = "amber basil cedar delta ember fern grove hazel iris juniper kelp lotus maple nectar olive poppy".split(
  " ",
);

/** Easy to type, and made anew each time: nobody should get used to a passphrase that is printed. */
function madeUpPassphrase(): string {
  return Array.from({ length: 4 }, () => words[randomInt(words.length)]).join("-");
}
