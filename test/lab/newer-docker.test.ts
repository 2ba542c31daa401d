import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dockerContract } from "../systems/docker/contract.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { imageId, runs } from "./support/inspect.ts";
import { type Lab, labMissing, otherDocker, registry, startLab, titled, until } from "./support/lab.ts";
import { expectOutcomes } from "./support/outcomes.ts";

// Debian 13's (26.1). HOME_STEWARD_DOCKER_SUITE=sid takes the newest there is, which no run may depend on.
const suite = process.env.HOME_STEWARD_DOCKER_SUITE ?? "trixie";

/** What newer engines do otherwise: random MAC addresses, names kept apart from aliases, networks by their real names. */
describe.skipIf(labMissing !== null)(titled(`the engine of Debian ${suite}`), () => {
  let lab: Lab;
  let digest: string;
  beforeAll(async () => {
    lab = await startLab({ dockerDir: await otherDocker(suite) });
    digest = await lab.publish("contract", 1, "volume");
    await lab.docker("network", "create", "--subnet", "10.93.0.0/24", "contract");
    await lab.docker("network", "create", "--subnet", "10.94.0.0/24", "back");
  }, 300_000);
  afterAll(() => lab.down());

  it("is another one than this machine's", async () => {
    const version = await lab.docker("version", "-f", "{{.Server.Version}}");
    expect(version).not.toMatch(/^20\./);
  });

  dockerContract("over its socket", async () => ({
    connection: { kind: "socket", path: lab.socket },
    real: true,
    image: `${registry}/contract:latest`,
    digest,
    unreachableImage: "127.0.0.1:5999/contract:latest",
    network: "contract",
    address: "10.93.0.77",
    volumeExists: (name) =>
      lab.docker("volume", "inspect", name).then(
        () => true,
        () => false,
      ),
    close: async () => void (await lab.docker("rmi", "-f", `${registry}/contract:latest`, "contract/kept:before")),
  }));

  describe("updating", () => {
    let home: Home;
    let old: string;
    beforeEach(async () => {
      home = openHome(await stateFolder(lab), lab.socket);
      await lab.publish("web", 1, "volume");
      await lab.docker("pull", "-q", `${registry}/web`);
      old = await imageId(lab, `${registry}/web`);
      await lab.docker(
        ..."run -d --name web --network contract --ip 10.93.0.7 --network-alias www".split(" "),
        ..."--mac-address 02:11:22:33:44:55 -v /unnamed --restart unless-stopped".split(" "),
        `${registry}/web`,
      );
      await lab.docker(..."network connect --ip 10.94.0.9 --alias db back web".split(" "));
      await lab.docker("exec", "web", "sh", "-c", "echo kept >/unnamed/file");
      await until(
        () => field("{{.State.Health.Status}}"),
        (status) => status === "healthy",
      );
    });
    afterEach(async () => {
      await home.close();
      await lab.docker("rm", "-fv", ...(await lab.docker("ps", "-aq")).split("\n"));
    });

    const field = (template: string) => lab.docker("inspect", "-f", template, "web");
    const update = async () =>
      home.approveAndApply((await home.plan("update_container", { containers: ["web"] })).plan_id);
    const kept = async () => ({
      front: await field("{{.NetworkSettings.Networks.contract.IPAddress}}"),
      mac: await field("{{.NetworkSettings.Networks.contract.MacAddress}}"),
      back: await field("{{.NetworkSettings.Networks.back.IPAddress}}"),
      file: await lab.docker("exec", "web", "cat", "/unnamed/file"),
      restart: await field("{{.HostConfig.RestartPolicy.Name}}"),
      // The engine adds the container's id to the aliases of older releases itself.
      aliases: (await field("{{json .NetworkSettings.Networks.back.Aliases}}")).includes('"db"'),
      names: await lab.docker("ps", "-a", "--format", "{{.Names}}"),
    });
    const asBefore = {
      front: "10.93.0.7",
      mac: "02:11:22:33:44:55",
      back: "10.94.0.9",
      file: "kept",
      restart: "unless-stopped",
      aliases: true,
      names: "web",
    };

    it("moves a container on two networks to the new image with all that was set", async () => {
      const newest = await lab.publish("web", 2, "volume");
      expectOutcomes(await update(), ["web: done"]);
      expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${newest}`)} running`);
      expect(await kept()).toEqual(asBefore);
    });

    it("puts the old one back when the new one is not healthy", async () => {
      await lab.publish("web", 3, "volume", "unhealthy");
      expectOutcomes(await update(), ["web: rolled_back"]);
      expect(await runs(lab, "web")).toBe(`${old} running`);
      expect(await kept()).toEqual(asBefore);
    });
  });
});
