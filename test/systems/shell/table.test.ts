import { describe, expect, it } from "vitest";
import { wordsOf } from "../../../src/systems/shell/argv.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";

const all = Object.entries({ ...readingCommands, ...changingCommands });

const values = [
  "driver",
  "method",
  "params",
  "throttleFile",
  "throttle",
  "ioMaxFile",
  "ioMax",
  "pid",
  "device",
  "veth",
  "ifb",
  "rate",
  "burst",
  "number",
  "limit",
  "direction",
  "scope",
  "engine",
  "project",
  "folder",
  "file",
];

describe("the table of commands", () => {
  it("has each name once, reading or changing", () => {
    expect(Object.keys(readingCommands).filter((name) => Object.hasOwn(changingCommands, name))).toEqual([]);
  });

  it.each(all)("%s names its program by absolute paths and its operands behind --", (_, { program, words }) => {
    for (const path of program) expect(path).toMatch(/^(\/[a-z0-9]+)+$/);
    const order = words.map((word) => (typeof word === "string" ? (word === "--" ? "--" : "") : word.slot));
    // What follows -d or -fprintf is its value; a method is one of a list, and JSON that begins with - is refused.
    const operands = order.filter((kind) => !["", "--", ...values].includes(kind));
    if (operands.length > 0)
      expect(order.slice(order.indexOf("--")).filter((kind) => kind !== "")).toEqual(["--", ...operands]);
  });

  it.each(all)("%s takes no recursion and no force that its name does not say", (name, { words }) => {
    const forcing = words.filter((word) => typeof word === "string" && /^-[rRf]+$/.test(word));
    expect(forcing).toEqual(name === "zfsSnapshotCreateRecursive" ? ["-r"] : []);
  });

  it("puts values into their slots", () => {
    expect(wordsOf(readingCommands.smartctlRead, { driver: "sat", disk: "sda" })).toEqual([
      "-n",
      "standby",
      "-x",
      "-j",
      "-d",
      "sat",
      "--",
      "/dev/sda",
    ]);
    expect(
      wordsOf(changingCommands.zpoolReplace, { pool: "tank", guid: "12345678901234567890", byId: "ata-WDC_X-1" }),
    ).toEqual(["replace", "--", "tank", "12345678901234567890", "/dev/disk/by-id/ata-WDC_X-1"]);
  });
});

const fits = (command: Parameters<typeof wordsOf>[0], values: Record<string, string>) => () => wordsOf(command, values);

describe("slots", () => {
  const cgroup = `docker/${"0f".repeat(32)}`;
  it.each([
    `blkio/${cgroup}/blkio.throttle.write_bps_device`,
    `blkio/system.slice/docker-${"0f".repeat(32)}.scope/blkio.throttle.read_bps_device`,
  ])("take the disk limit %s", (throttleFile) => {
    const words = fits(changingCommands.cgroupThrottle, { throttleFile, throttle: "8:16 1048576" })();
    expect(words).toEqual(["/", "-maxdepth", "0", "-fprintf", `/sys/fs/cgroup/${throttleFile}`, "8:16 1048576"]);
  });

  it.each([
    [`blkio/${cgroup}/blkio.throttle.write_iops_device`, "8:16 1"],
    [`blkio/${cgroup}/../../x/blkio.throttle.write_bps_device`, "8:16 1"],
    ["blkio/docker/blkio.throttle.write_bps_device", "8:16 1"],
    [`memory/${cgroup}/memory.limit_in_bytes`, "8:16 1"],
    [`blkio/${cgroup}/blkio.throttle.write_bps_device`, "8:16 %p"],
    [`blkio/${cgroup}/blkio.throttle.write_bps_device`, "8:16 -1"],
    [`blkio/${cgroup}/blkio.throttle.write_bps_device`, "8:16 1\n8:0 1"],
  ])("refuse the disk limit %s %s", (throttleFile, throttle) => {
    expect(fits(changingCommands.cgroupThrottle, { throttleFile, throttle })).toThrow("is not");
  });

  it.each([
    "tank/data@daily-2026-11-22",
    "tank/my films@before update",
    "tank@a",
    "tank/.hidden@auto_1:00",
    "tank/-x@-y",
  ])("take the snapshot %j", (snapshot) => {
    expect(fits(changingCommands.zfsSnapshotDestroy, { snapshot })()).toEqual(["destroy", "--", snapshot]);
  });

  it.each([
    ["", "nothing"],
    ["tank/data", "a whole dataset"],
    ["tank/data@a,b", "several"],
    ["tank/data@a%b", "a range"],
    ["tank/data@%", "all"],
    ["tank/data@a@b", "two names"],
    ["-r", "an option"],
    ["-tank@a", "an option's beginning"],
    ["tank/data@a\n", "a line break at the end"],
    ["tank/data@a\nb", "a line break"],
    ["tank/data@$(reboot)", "a command"],
    ["tank/data@'a'", "quotes"],
    ["tank/data@a\\", "a backslash"],
    ["tank/data@a\0", "NUL"],
    ["tänk@a", "a letter zfs does not have"],
    ["tank/@a", "an empty part"],
    ["/tank@a", "a slash in front"],
    [`tank/${"a".repeat(300)}@a`, "more than 255 characters"],
  ])("refuse as one snapshot %j (%s)", (snapshot) => {
    expect(fits(changingCommands.zfsSnapshotDestroy, { snapshot })).toThrow(
      "A value for snapshot is not the name of one snapshot",
    );
  });

  it("never take a pool's own root where a clone is destroyed", () => {
    expect(fits(changingCommands.zfsCloneDestroy, { dataset: "tank" })).toThrow("below a pool");
    expect(fits(changingCommands.zfsCloneDestroy, { dataset: "tank/x@y" })).toThrow("below a pool");
    expect(fits(changingCommands.zfsCloneDestroy, { dataset: "tank/x" })()).toEqual(["destroy", "--", "tank/x"]);
  });

  it("take a socket of Docker below a folder that begins with a dot, and no way out of one", () => {
    const shop = { project: "shop", folder: "/srv/shop", file: "/srv/shop/compose.yaml" };
    const at = (engine: string) => () => wordsOf(readingCommands.composeHashes, { ...shop, engine }, ["/srv"]);
    expect(at("/home/anna/.docker/run/docker.sock")()).toContain("unix:///home/anna/.docker/run/docker.sock");
    for (const engine of ["/run/../docker.sock", "/run/./docker.sock", "/run/..docker.sock", "run/docker.sock"])
      expect(at(engine)).toThrow("A value for engine is not the path of Docker's socket.");
  });

  it.each(["../sda", "sda/../../etc/passwd", "SDA", "", "-a", "sda sdb", "/dev/sda"])("refuse as a disk %j", (disk) => {
    expect(fits(readingCommands.smartctlRead, { driver: "auto", disk })).toThrow("A value for disk is not");
  });

  it.each(["sat", "auto", "nvme", "megaraid,3", "sat+megaraid,3", "sntrealtek", "3ware,0"])(
    "know the driver %j",
    (driver) => {
      expect(fits(readingCommands.smartctlRead, { driver, disk: "bus/0" })()).toContain(driver);
    },
  );

  it("refuse a missing value", () => {
    expect(fits(readingCommands.zfsGet, {})).toThrow("A value for dataset is not the name of a dataset.");
  });

  it("write JSON in printable ASCII without apostrophes, and as the same value", () => {
    const said = ["name", "=", 'it\'s \u{1f600} "q" \\ \u007f'];
    const values = { method: "pool.query", params: [JSON.stringify([said]), " { } "] };
    const [, , first = "", second] = wordsOf(readingCommands.midcltRead, values);
    expect(first).toBe('[["name","=","it\\u0027s \\ud83d\\ude00 \\"q\\" \\\\ \\u007f"]]');
    expect(JSON.parse(first)).toEqual([said]);
    expect(second).toBe("{}");
    expect(() => wordsOf(readingCommands.midcltRead, { method: "pool.query", params: ["-1"] })).toThrow(
      "bare negative",
    );
    expect(() => wordsOf(readingCommands.midcltRead, { method: "pool.offline", params: [] })).toThrow(
      "A value for method",
    );
  });
});
