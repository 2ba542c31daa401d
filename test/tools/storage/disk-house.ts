import type { DiskDay, DiskMemory } from "../../../src/analysis/disks/recorded.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { asJsonObject, type JsonObject } from "../../../src/shared/json.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Disk, Reading, Smart } from "../../../src/systems/smart/port.ts";
import type { Pool, Vdev, Zfs } from "../../../src/systems/zfs/port.ts";
import type { ToolContext } from "../../../src/tools/define.ts";
import { noSystems } from "../../support/no-systems.ts";
import { noGate } from "../support/house.ts";

export const now = Date.UTC(2026, 10, 22);
export const dayMs = 86_400_000;

export const disk = (name: string, more: Partial<Disk> = {}): Disk => ({
  name,
  model: "ST4000VN008",
  serial: `Z-${name}`,
  size_bytes: 4_000_787_030_016,
  protocol: "ata",
  rotational: true,
  slot: null,
  ...more,
});

/** What smartctl says of a hard disk with these raw values. */
export const told = (serial: string, raw: Record<number, number> = {}, more: object = {}): JsonObject =>
  asJsonObject({
    smartctl: { exit_status: 0 },
    device: { protocol: "ATA" },
    model_name: "ST4000VN008",
    serial_number: serial,
    user_capacity: { bytes: 4_000_787_030_016 },
    rotation_rate: 7200,
    smart_status: { passed: true },
    temperature: { current: 31, op_limit_max: 60 },
    power_on_time: { hours: 40_000 },
    ata_smart_attributes: {
      table: Object.entries({ 5: 0, 187: 0, 197: 0, 198: 0, 199: 2, ...raw }).map(([id, value]) => ({
        id: Number(id),
        raw: { value, string: String(value) },
      })),
    },
    ata_smart_self_test_log: { standard: { table: [{ status: { value: 0, passed: true }, lifetime_hours: 39_990 }] } },
    ...more,
  });

/** Of a test that asks for no disk's contents. */
export const unasked = (): never => {
  throw new Error("not asked here");
};

export type Answers = Readonly<Record<string, JsonObject | Reading | StewardError>>;

const isReading = (answer: JsonObject | Reading): answer is Reading => typeof answer.state === "string";

/** A host's disks in memory, by what each answers. */
export const smartOf = (disks: readonly Disk[], answers: Answers): Smart => ({
  disks: async () => [...disks],
  async read(name) {
    const answer = answers[name];
    if (answer === undefined) throw new Error(`nothing is told of ${name}`);
    if (answer instanceof StewardError) throw answer;
    return isReading(answer) ? answer : { state: "read", at: now, smartctl: answer, exit_status: 0 };
  },
  contents: unasked,
});

/** Days of a disk, by what they differ in from a quiet one. */
export const days = (...told: (Partial<DiskDay> & { ago: number })[]): DiskDay[] =>
  told.map(({ ago, ...more }) => ({
    at: now - ago * dayMs,
    power_on_hours: 40_000 - ago * 24,
    reallocated: 0,
    uncorrectable: 0,
    command_timeouts: null,
    unreadable: 0,
    link_errors: 2,
    wear_percent: null,
    spare_percent: null,
    temperature_c: 30,
    temperature_max_c: 33,
    ...more,
  }));

export const diskContext = (
  smart: Smart,
  diskMemory: DiskMemory = noSystems.diskMemory,
  moreHosts: string[] = [],
): ToolContext => ({
  systems: {
    ...noSystems,
    diskMemory,
    smart: fleet("smart", ["nas", ...moreHosts], (host) => (host === "nas" ? smart : down)),
  },
  settings: { bandwidthAlerts: [], update: { health_timeout_s: 1, settle_s: 1 } },
  clock: { now: () => now, monotonic: () => 0, sleep: async () => {} },
  signal: new AbortController().signal,
  gate: noGate,
  progress: () => {},
});

const unreachable = async (): Promise<never> => {
  throw new StewardError("unreachable", "The machine does not answer.", "See that it is on.");
};
const down: Smart = { disks: unreachable, read: unreachable, contents: unreachable };

/** A pool of one mirror with this disk in it. */
export const pool = (leaf: string, checksum_errors: number): Pool => {
  const vdev: Vdev = {
    name: "sda1",
    type: "disk",
    class: "data",
    guid: "1",
    state: "online",
    path: `/dev/${leaf}1`,
    disk: leaf,
    read_errors: 0,
    write_errors: 0,
    checksum_errors,
    ashift: 12,
    children: [],
  };
  return {
    name: "tank",
    guid: "2",
    created_at: null,
    state: "online",
    vdevs: [{ ...vdev, name: "mirror-0", type: "mirror", path: null, disk: null, children: [vdev] }],
    usable_bytes: 1,
    used_bytes: 0,
    available_bytes: 1,
    raw_size_bytes: 1,
    fragmentation_percent: 0,
    scan: null,
    data_errors: 0,
  };
};

/** The same home with pools on its host. */
export const withPools = (context: ToolContext, ...pools: Pool[]): ToolContext => ({
  ...context,
  systems: { ...context.systems, zfs: fleet("zfs", ["nas"], () => ({ ...noZfs, pools: async () => pools })) },
});

const unused = (): never => {
  throw new Error("not asked by disks");
};
const noZfs: Zfs = {
  everything: unused,
  pools: unused,
  datasets: unused,
  snapshots: unused,
  snapshot: unused,
  lineage: unused,
  wouldFree: unused,
  rules: { hold_tag: null, spaces: true, new_disk_by: "by_id", wipes_replaced: false },
  snapshotTasks: unused,
};
