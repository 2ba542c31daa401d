import { expect, test } from "vitest";
import { resources } from "../../src/resources/registry.ts";
import type { Pool } from "../../src/systems/zfs/port.ts";
import {
  type Answers,
  days,
  disk,
  diskContext,
  now,
  pool,
  smartOf,
  told,
  withPools,
} from "../tools/storage/disk-house.ts";

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

test("listeners are told of what matters, and not of every degree or nap", async () => {
  const mark = (
    answer: Answers[string],
    name = "disk",
    context_ = diskContext(smartOf([disk("sda")], { sda: answer })),
  ) => resource(name).mark?.({ host: "nas", disk: "sda" }, context_);
  const well = await mark(told("Z-sda"));
  expect(well).toEqual({
    disk: "sda",
    serial: "Z-sda",
    pool: null,
    tier: "ok",
    smart: "passed",
    last_self_test: { outcome: "passed", at_hours: 39_990 },
    self_test_remaining_percent: null,
  });
  expect(await mark(told("Z-sda", {}, { temperature: { current: 44 }, power_on_time: { hours: 40_001 } }))).toEqual(
    well,
  );
  expect(await mark(told("Z-sda", {}, { smart_status: { passed: false } }))).toMatchObject({ tier: "urgent" });
  expect(await mark({ state: "standby", at: now })).toBeNull();
  expect(await mark({ state: "standby", at: now }, "disks")).toEqual(await mark(told("Z-sda"), "disks"));
});

test("a pool's listeners are told of its state, its errors and its scan, and not of every byte", async () => {
  const mark = (one: Pool, name = "pool") =>
    resource(name).mark?.({ host: "nas", pool: "tank" }, withPools(diskContext(home), one));
  const tank = { ...pool("sda", 0), usable_bytes: 1000, used_bytes: 500 };
  const before = await mark(tank);
  expect(await mark({ ...tank, used_bytes: 501 })).toEqual(before);
  const scan = { function: "resilver", state: "running", started_at: 1, ended_at: null, eta_s: 60, errors: 0 } as const;
  const runs = (done_percent: number) => mark({ ...tank, scan: { ...scan, done_percent, repaired_bytes: null } });
  for (const changed of [
    mark({ ...tank, state: "degraded" }),
    mark(pool("sda", 3)),
    mark({ ...tank, used_bytes: 800 }),
    runs(3),
  ])
    expect(await changed).not.toEqual(before);
  expect(await runs(3.2)).toEqual(await runs(3.9));
  expect(await mark({ ...tank, name: "other" })).toBe("gone");
  expect(await mark(tank, "pools")).toEqual([before]);
});

test("hosts and disks complete", async () => {
  const complete = (name: string, variable: string, typed: string, given = {}) =>
    resource(name).complete[variable]?.(typed, given, context);
  expect(await complete("disks", "host", "n")).toEqual(["nas"]);
  expect(await complete("disk", "disk", "sd", { host: "nas" })).toEqual(["sda", "sdb"]);
});
