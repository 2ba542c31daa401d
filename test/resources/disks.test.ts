import { expect, test } from "vitest";
import { resources } from "../../src/resources/registry.ts";
import { days, disk, diskContext, now, pool, smartOf, told, withPools } from "../tools/storage/disk-house.ts";

const home = smartOf([disk("sda"), disk("sdb"), disk("nvme0n1")], {
  sda: told("Z-sda"),
  sdb: told("Z-sdb", {}, { smart_status: { passed: false } }),
  nvme0n1: { state: "standby", at: now },
});
const memory = { days: () => days({ ago: 3, temperature_c: 29 }), baseline: () => null };
const context = withPools(diskContext(home, memory, ["attic"]), pool("sdb", 0));

const resource = (name: string) => {
  const found = resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
};

test("hosts and disks are listed, without a host that is down", async () => {
  expect((await resource("disks").list(context)).map(({ uri }) => uri)).toEqual(["disks://nas", "disks://attic"]);
  expect((await resource("disk").list(context)).map(({ uri }) => uri)).toEqual([
    "disk://nas/sda",
    "disk://nas/sdb",
    "disk://nas/nvme0n1",
  ]);
});

test("all disks of a host are read in short, the worst first", async () => {
  const read = await resource("disks").read({ host: "nas" }, context);
  expect(read).toMatchObject({
    host: "nas",
    disks: [
      { disk: "sdb", tier: "urgent", pool: "tank" },
      { disk: "nvme0n1", state: "standby", tier: "unknown" },
      { disk: "sda", tier: "ok" },
    ],
  });
});

test("one disk is read with its verdict and its days", async () => {
  expect(await resource("disk").read({ host: "nas", disk: "sdb" }, context)).toMatchObject({
    host: "nas",
    disk: "sdb",
    vdev: "mirror-0",
    verdict: { tier: "urgent", confidence: "levels_only" },
    days: [{ temperature_c: 29 }],
  });
  await expect(resource("disk").read({ host: "nas", disk: "sdz" }, context)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("hosts and disks complete", async () => {
  const complete = (name: string, variable: string, typed: string, given = {}) =>
    resource(name).complete[variable]?.(typed, given, context);
  expect(await complete("disks", "host", "n")).toEqual(["nas"]);
  expect(await complete("disk", "disk", "sd", { host: "nas" })).toEqual(["sda", "sdb"]);
});
