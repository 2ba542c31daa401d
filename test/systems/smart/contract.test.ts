import { afterEach, expect, it } from "vitest";
import { decodeSmartctl } from "../../../src/analysis/disks/decode/decode.ts";
import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import { type DiskSmart, type Release, releases } from "../../../src/demo/truenas/model.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { connectSmart, smartOverTrueNas } from "../../../src/systems/smart/index.ts";
import { asSmartctl, truenasDisks } from "../../../src/systems/smart/truenas-shapes.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { playedRunner } from "../../support/played-shell.ts";
import { contractOf } from "../truenas/schemas.ts";
import { type DisksRig, describeSmart } from "./contract.ts";

const now = () => Date.UTC(2027, 0, 15);
let close = async () => {};
afterEach(async () => {
  await close();
  close = async () => {};
});

const tests: DiskSmart["tests"] = [
  { description: "Extended offline", passed: false, hours: 21_330 },
  { description: "Short offline", passed: true, hours: 21_280 },
];

/** A simulated TrueNAS with those three disks. */
async function overTrueNas(release: Release, clock = now) {
  const fake = await startTrueNasFake({ release, now: clock });
  const size_bytes = 12_000_138_625_024;
  const hdd = { model: "DEMO-HDD-12T", size_bytes, rpm: 7200, pool: null };
  fake.nas.disks = [
    { ...hdd, name: "sda", serial: "S-SDA", smart: { raw: { 5: 8, 197: 2 }, temperature_c: 41, tests } },
    { ...hdd, name: "sdb", serial: "S-SDB", smart: { asleep: true } },
    { name: "nvme0n1", serial: "S-NVME", model: "DEMO NVMe 1TB", size_bytes: 1e12, rpm: null, pool: null },
  ];
  const nas = connectTrueNas(fake.connection);
  close = async () => {
    await nas.reading.close();
    await fake.close();
  };
  const stillAsleep = () => fake.nas.disks[1]?.smart?.asleep === true;
  return { ...smartOverTrueNas(nas, { now }), stillAsleep, fake };
}

/** A machine with smartctl and lsblk and those three disks. */
async function overShell(): Promise<DisksRig> {
  let running = false;
  let asleep = true;
  const devices = ["/dev/sda", "/dev/sdb", "/dev/nvme0"].map((name) => ({
    name,
    type: name.includes("nvme") ? "nvme" : "scsi",
    protocol: name.includes("nvme") ? "NVMe" : "SCSI",
  }));
  const block = { type: "disk", size: 12_000_138_625_024, model: "DEMO-HDD-12T ", rota: true, tran: "sata" };
  const blockdevices = [
    { ...block, name: "sda", serial: "S-SDA" },
    { ...block, name: "sdb", serial: "S-SDB" },
    { ...block, name: "nvme0n1", serial: "S-NVME", model: "DEMO NVMe 1TB", rota: false, tran: "nvme" },
  ];
  const raw = { 5: 8, 9: 21_340, 187: 0, 188: 0, 194: 41, 197: 2, 198: 0 };
  const log = (type: string, passed: boolean, lifetime_hours: number) => ({
    type: { string: type },
    status: { value: passed ? 0 : 121, passed },
    lifetime_hours,
  });
  const sda = () => ({
    smartctl: { exit_status: 0 },
    device: { protocol: "ATA" },
    model_name: "DEMO-HDD-12T",
    serial_number: "S-SDA",
    user_capacity: { bytes: 12_000_138_625_024 },
    rotation_rate: 7200,
    temperature: { current: 41 },
    ata_smart_attributes: {
      table: Object.entries(raw).map(([id, value]) => ({ id: Number(id), raw: { value, string: String(value) } })),
    },
    ata_smart_data: { self_test: { status: running ? { value: 249, remaining_percent: 90 } : { value: 0 } } },
    ata_smart_self_test_log: {
      standard: { table: [log("Extended offline", false, 21_330), log("Short offline", true, 21_280)] },
    },
  });
  const saying = (string: string, exit_status: number) => ({
    stdout: JSON.stringify({ smartctl: { exit_status, messages: [{ string, severity: "error" }] } }),
    code: exit_status,
  });
  const runner = playedRunner(([program = "", ...words]) => {
    const says = (answer: unknown) => ({ stdout: JSON.stringify(answer) });
    if (program.endsWith("lsblk")) return says({ blockdevices });
    if (words.includes("--scan")) return says({ smartctl: { exit_status: 0 }, devices });
    if (words.at(-1) === "/dev/sdb") {
      if (words.includes("standby")) return saying("Device is in STANDBY mode, exit(2)", 2);
      asleep = false;
    }
    if (words.includes("-t")) {
      if (running) return saying("Can't start self-test without aborting current test (90% remaining)", 4);
      running = true;
    }
    if (words.includes("-X")) running = false;
    return says(sda());
  });
  const shells = {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: async () => {},
  };
  return { ...connectSmart(shells, { now }), stillAsleep: () => asleep };
}

describeSmart("through smartctl", overShell);
for (const release of ["24.10", "25.04"] as const) describeSmart(`of TrueNAS ${release}`, () => overTrueNas(release));

it("a test of the simulated TrueNAS ends, as well as the disk is", async () => {
  let at = now();
  const { reading, changing, fake } = await overTrueNas("25.04", () => at);
  const [sda, sdb] = fake.nas.disks;
  if (sda?.smart === undefined || sdb?.smart === undefined) throw new Error("those two have SMART");
  sdb.smart.asleep = false;
  const newest = async (name: string) => {
    const told = await reading.read(name);
    const { self_tests, self_test_remaining_percent } = decodeSmartctl(told.state === "read" ? told.smartctl : {});
    return [self_test_remaining_percent, self_tests[0]?.outcome, self_tests.length];
  };
  for (const name of ["sda", "sdb"]) await changing.selfTest(name, "long");
  at += 30_000;
  expect([await newest("sda"), await newest("sdb")]).toEqual([
    [50, "failed", 2],
    [50, "passed", 1],
  ]);
  at += 30_000;
  expect([await newest("sda"), await newest("sdb")]).toEqual([
    [null, "failed", 3],
    [null, "passed", 2],
  ]);
});

it("what is no answer about disks is called so", async () => {
  const { reading, changing, fake } = await overTrueNas("25.04");
  fake.faults.set({ kind: "wrong_shape" }, { method: /^smart/ });
  await expect(reading.read("sda")).rejects.toMatchObject({ code: "wrong_answer" });
  await expect(changing.selfTest("sda", "short")).rejects.toMatchObject({ code: "wrong_answer" });
});

it("24.04 reads SMART, and starts no test that it could not abort", async () => {
  const { reading, changing } = await overTrueNas("24.04");
  expect(await reading.read("sda")).toMatchObject({ state: "read" });
  expect(await reading.read("sdb")).toMatchObject({ state: "standby" });
  const [disk] = await reading.disks();
  expect(disk?.no_self_test).toMatch(/^TrueNAS 24\.04 can't abort a self-test/);
  await expect(changing.selfTest("sda", "short")).rejects.toMatchObject({ code: "unsupported" });
});

it.each(["25.10", "26"] as const)("%s tells a temperature, and what to configure for the rest", async (release) => {
  const { reading, changing } = await overTrueNas(release);
  expect(await reading.read("sda")).toEqual({
    state: "unmonitored",
    at: now(),
    why: "TrueNAS tells no SMART values from 25.10 on: configure shell on its host, so that smartctl can be asked",
    temperature_c: 41,
  });
  const [disk] = await reading.disks();
  expect(disk?.no_self_test).toMatch(/^Through TrueNAS from 25\.10 on no self-test can be started/);
  await expect(changing.selfTest("sda", "short")).rejects.toMatchObject({ code: "unsupported" });
});

it("an NVMe disk is called neither well nor asleep where TrueNAS tells its temperature alone", async () => {
  const { reading } = await overTrueNas("25.04");
  expect(await reading.read("nvme0n1")).toEqual({
    state: "unmonitored",
    at: now(),
    why: "TrueNAS tells SMART values of SATA disks only: configure shell on its host, so that smartctl can be asked",
    temperature_c: 38,
  });
});

it.each([
  ["FAILED", "Interrupted (host reset)", "aborted"],
  ["FAILED", "Completed: read failure", "failed"],
  ["ABORTED", "Aborted by host", "aborted"],
  ["RUNNING", "Self-test routine in progress", "running"],
  ["SUCCESS", "Completed without error", "passed"],
])("what TrueNAS calls %s, %j, is %s", (status, status_verbose, outcome) => {
  const told = { identifier: "{serial}S", name: "sda", serial: "S", model: null, size: null, type: "HDD", bus: "ATA" };
  const [disk] = truenasDisks.parse([{ ...told, rotationrate: null }]);
  if (disk === undefined) throw new Error("one was given");
  const results = { disk: "sda", tests: [{ description: "Short", status, status_verbose, lifetime: 9 }] };
  const facts = decodeSmartctl(asSmartctl(disk, { temperature_c: null, attributes: [], results }));
  expect(facts.self_tests).toEqual([{ outcome, kind: "Short", at_hours: 9 }]);
  expect(facts.self_test_runs).toBe(outcome === "running");
});

it.for(releases)("asks %s only what that release declares", async (release, { skip }) => {
  const misfits = contractOf(release);
  if (misfits === null) return skip("the published contracts are not here");
  const { reading, changing, fake } = await overTrueNas(release);
  for (const { name } of await reading.disks()) await reading.read(name);
  for (const test of ["long", "abort"] as const) await changing.selfTest("sda", test).catch(() => {});
  expect(fake.exchanges.length).toBeGreaterThan(4);
  expect(fake.exchanges.flatMap(misfits)).toEqual([]);
});

it.each(releases)("%s tells which disk a pool has, and not what else is on it", async (release) => {
  const { reading, fake } = await overTrueNas(release);
  const [first] = fake.nas.disks;
  if (first) first.pool = "media";
  expect(await reading.contents("sda")).toEqual({ is: "used", why: "a pool has it", by_id: null });
  expect(await reading.contents("sdb")).toMatchObject({ is: "unchecked", by_id: null });
  await expect(reading.contents("sdz")).rejects.toMatchObject({ code: "not_found" });
});
