import { afterEach, describe, expect, it } from "vitest";
import { fakeTools, type Script } from "./fake-tools.ts";

const block = (name: string, more: object = {}) => ({
  name,
  type: "disk",
  size: 4_000_787_030_016,
  rota: true,
  ...more,
});
const columns =
  "NAME,KNAME,PATH,PKNAME,TYPE,SIZE,MODEL,SERIAL,WWN,TRAN,ROTA,HCTL,PHY-SEC,FSTYPE,LABEL,PARTUUID,MOUNTPOINT";

const scan = (...devices: object[]): Script => ({ "-j": { prints: { smartctl: { exit_status: 0 }, devices } } });
const home = scan(
  { name: "/dev/sda", type: "scsi", protocol: "SCSI" },
  { name: "/dev/nvme0", type: "nvme", protocol: "NVMe" },
);
const blocks: Script = {
  [columns]: {
    prints: {
      blockdevices: [
        block("sda", { model: "ST4000VN008 ", serial: "ZGY1", tran: "sata", hctl: "2:0:0:0" }),
        block("nvme0n1", { model: "Samsung SSD 980", serial: "S64", tran: "nvme", rota: false }),
        block("sdb", { model: "Elements", serial: "WX1", tran: "usb", size: "1000204886016", rota: "1" }),
        block("zram0"),
        { name: "sr0", type: "rom" },
      ],
    },
  },
};

let tools: ReturnType<typeof fakeTools> | undefined;
const open = (smartctl: Script, lsblk?: Script) => {
  tools = fakeTools(smartctl, lsblk);
  return tools;
};
afterEach(() => tools?.remove());

describe.skipIf(process.platform === "win32")("disks through smartctl and lsblk (skipped on Windows: sh)", () => {
  it("joins what smartctl finds with what the kernel lists", async () => {
    const { reading } = open(home, blocks);
    expect(await reading.disks()).toEqual([
      {
        name: "nvme0n1",
        model: "Samsung SSD 980",
        serial: "S64",
        size_bytes: 4_000_787_030_016,
        protocol: "nvme",
        rotational: false,
        slot: null,
      },
      {
        name: "sda",
        model: "ST4000VN008",
        serial: "ZGY1",
        size_bytes: 4_000_787_030_016,
        protocol: "ata",
        rotational: true,
        slot: "2:0:0:0",
      },
      {
        name: "sdb",
        model: "Elements",
        serial: "WX1",
        size_bytes: 1_000_204_886_016,
        protocol: "usb",
        rotational: true,
        slot: null,
      },
    ]);
  });

  it("does without lsblk", async () => {
    const { reading } = open(home);
    expect((await reading.disks()).map(({ name, serial }) => [name, serial])).toEqual([
      ["nvme0", ""],
      ["sda", ""],
    ]);
  });

  it("tells disks behind one RAID controller apart", async () => {
    const bus = { name: "/dev/bus/0", protocol: "SCSI" };
    const { reading, asked } = open(
      {
        ...scan({ ...bus, type: "megaraid,0" }, { ...bus, type: "sat+megaraid,1" }),
        "/dev/bus/0": { prints: { smartctl: { exit_status: 4 }, smart_status: { passed: true } }, code: 4 },
      },
      { [columns]: { prints: { blockdevices: [] } } },
    );
    expect((await reading.disks()).map(({ name }) => name)).toEqual(["bus-0-megaraid-0", "bus-0-sat-megaraid-1"]);
    expect(await reading.read("bus-0-sat-megaraid-1")).toEqual({
      state: "read",
      at: 1_700_000_000_000,
      exit_status: 4,
      smartctl: { smartctl: { exit_status: 4 }, smart_status: { passed: true } },
    });
    expect(asked.at(-1)).toEqual(["smartctl", "-n", "standby", "-x", "-j", "-d", "sat+megaraid,1", "--", "/dev/bus/0"]);
  });

  it("asks so that no disk wakes, and lets smartctl look behind what a scan calls scsi", async () => {
    const { reading, asked } = open({ ...home, "/dev/sda": { prints: { smartctl: { exit_status: 0 } } } }, blocks);
    await reading.read("sda");
    expect(asked.at(-1)).toEqual(["smartctl", "-n", "standby", "-x", "-j", "-d", "auto", "--", "/dev/sda"]);
  });

  it.each(["STANDBY", "SLEEP", "STANDBY (OS)", "STANDBY BY COMMAND"])("leaves a disk in %s asleep", async (mode) => {
    const messages = [{ string: `Device is in ${mode} mode, exit(2)`, severity: "information" }];
    const { reading } = open(
      { ...home, "/dev/sda": { prints: { smartctl: { exit_status: 2, messages } }, code: 2 } },
      blocks,
    );
    expect(await reading.read("sda")).toEqual({ state: "standby", at: 1_700_000_000_000 });
  });

  it("takes a disk that can't be opened for neither asleep nor well", async () => {
    const messages = [{ string: "Smartctl open device: /dev/sdb failed: No such device", severity: "error" }];
    const { reading } = open(
      { ...home, "/dev/sdb": { prints: { smartctl: { exit_status: 2, messages } }, code: 2 } },
      blocks,
    );
    expect(await reading.read("sdb")).toEqual({
      state: "unmonitored",
      at: 1_700_000_000_000,
      why: "smartctl could not open it",
    });
  });

  it("refuses names it did not list, and answers that are not JSON", async () => {
    const { reading } = open({ ...home, "/dev/sda": { prints: "smartctl 6.6 2017" } }, blocks);
    await expect(reading.read("sdz")).rejects.toMatchObject({ code: "not_found" });
    await expect(reading.read("-x")).rejects.toMatchObject({ code: "not_found" });
    await expect(reading.read("sda")).rejects.toMatchObject({ code: "wrong_answer" });
  });

  it("starts and aborts self-tests, and says why it could not", async () => {
    const prints = { smartctl: { exit_status: 0 } };
    const { changing, asked } = open({ ...home, "/dev/sda": { prints }, "/dev/nvme0": { prints } }, blocks);
    await changing.selfTest("sda", "short");
    await changing.selfTest("nvme0n1", "long");
    await changing.selfTest("sda", "abort");
    expect(asked.filter(([, , word]) => word === "-t" || word === "-X").map((words) => words.join(" "))).toEqual([
      "smartctl -j -t short -d auto -- /dev/sda",
      "smartctl -j -t long -d nvme -- /dev/nvme0",
      "smartctl -j -X -d auto -- /dev/sda",
    ]);
  });

  it.each([
    ["Can't start self-test without aborting current test (90% remaining), add '-t force' to override", "conflict"],
    ["Self-tests not supported", "unsupported"],
  ])("takes %j for %s", async (string, code) => {
    const messages = [{ string, severity: "error" }];
    const { changing } = open(
      { ...home, "/dev/sda": { prints: { smartctl: { exit_status: 4, messages } }, code: 4 } },
      blocks,
    );
    await expect(changing.selfTest("sda", "short")).rejects.toMatchObject({ code });
  });
});
