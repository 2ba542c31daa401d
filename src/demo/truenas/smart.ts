import { atLeast, type Disk, type DiskSmart, type Entry, type Nas, Refusal, type Value } from "./model.ts";
import { entry, type Method, notFound } from "./read.ts";
import { identifierOf } from "./render.ts";

/** Attributes that every simulated disk has, as good as new. */
const names: Readonly<Record<number, string>> = {
  5: "Reallocated_Sector_Ct",
  9: "Power_On_Hours",
  187: "Reported_Uncorrect",
  188: "Command_Timeout",
  194: "Temperature_Celsius",
  197: "Current_Pending_Sector",
  198: "Offline_Uncorrectable",
  199: "UDMA_CRC_Error_Count",
};
export const hoursOn = 21_340;
/** A simulated test is soon over. */
const test_ms = 60_000;

export const smartOf = ({ smart, rpm }: Disk): DiskSmart => ({
  raw: {},
  temperature_c: rpm === null ? 38 : 33,
  asleep: false,
  tests: [{ description: "Short offline", passed: true, hours: hoursOn - 60 }],
  testing: null,
  ...smart,
});

const isSata = ({ name }: Disk): boolean => name.startsWith("sd");

function diskNamed(nas: Nas, name: Value | undefined): Disk {
  const found = nas.disks.find((disk) => disk.name === name);
  if (found === undefined) throw notFound(`Disk ${String(name)}`);
  return found;
}

/** smartctl without `-n` wakes the disk it asks. */
const wake = (disk: Disk): void => {
  if (disk.smart?.asleep) disk.smart.asleep = false;
};

/** A disk with sectors that can't be read fails its test. */
function endTest(disk: Disk, now: number): void {
  const { testing, tests, raw } = smartOf(disk);
  if (testing === null || now - testing.since < test_ms) return;
  const ended = { description: testing.description, passed: !raw[197], hours: hoursOn };
  disk.smart = { ...disk.smart, testing: null, tests: [ended, ...tests] };
}

function temperatures(nas: Nas, [names, options]: readonly Value[]): Entry {
  const wanted = Array.isArray(names) ? names.map(String) : [];
  const keepsAsleep = atLeast(nas.release, "25.10") || entry(options).powermode === "STANDBY";
  return Object.fromEntries(
    wanted.map((name) => {
      const disk = diskNamed(nas, name);
      if (!keepsAsleep) wake(disk);
      const { asleep, temperature_c } = smartOf(disk);
      return [name, asleep ? null : temperature_c];
    }),
  );
}

function attributes(nas: Nas, [name]: readonly Value[]): Value {
  const disk = diskNamed(nas, name);
  wake(disk);
  if (!isSata(disk)) throw new Refusal("EFAULT", "Only ATA device support S.M.A.R.T. attributes");
  const { raw, temperature_c } = smartOf(disk);
  const values: Record<number, number> = { 9: hoursOn, 194: temperature_c, ...raw };
  return Object.entries(names).map(([id, text]) => ({
    id: Number(id),
    name: text,
    value: 100,
    worst: 100,
    thresh: id === "5" ? 10 : 0,
    when_failed: "",
    flags: {
      value: 51,
      string: "PO--CK ",
      prefailure: id === "5",
      updated_online: true,
      performance: false,
      error_rate: false,
      event_count: true,
      auto_keep: true,
    },
    raw: { value: values[Number(id)] ?? 0, string: String(values[Number(id)] ?? 0) },
  }));
}

function results(nas: Nas, [filters]: readonly Value[]): Value {
  const wanted = (Array.isArray(filters) ? filters : []).map((one) => (Array.isArray(one) ? one[2] : undefined));
  return nas.disks
    .filter((disk) => isSata(disk) && (wanted.length === 0 || wanted.includes(disk.name)))
    .map((disk) => {
      wake(disk);
      endTest(disk, nas.now());
      const { tests, testing } = smartOf(disk);
      return {
        disk: disk.name,
        tests: tests.map(({ description, passed, hours: lifetime }, num) => ({
          num,
          description,
          status: passed ? "SUCCESS" : "FAILED",
          status_verbose: passed ? "Completed without error" : "Completed: read failure",
          remaining: 0,
          lifetime,
          lba_of_first_error: passed ? null : "3907029168",
        })),
        current_test: testing && { progress: Math.floor(((nas.now() - testing.since) / test_ms) * 100) },
      };
    });
}

function test(nas: Nas, [disks]: readonly Value[]): Value {
  return (Array.isArray(disks) ? disks : []).map((one) => {
    const { identifier, type } = entry(one);
    const disk = nas.disks.find((other) => identifierOf(other) === identifier);
    if (disk === undefined)
      throw new Refusal("EINVAL", "Please provide a valid disk identifier.", "disks.0.identifier");
    wake(disk);
    endTest(disk, nas.now());
    const runs = smartOf(disk).testing !== null;
    const description = type === "LONG" ? "Extended offline" : "Short offline";
    if (!runs) disk.smart = { ...disk.smart, testing: { description, since: nas.now() } };
    return {
      disk: disk.name,
      identifier: String(identifier),
      error: runs ? "Can't start self-test without aborting current test (90% remaining)" : null,
      ...(runs ? {} : { expected_result_time: new Date(nas.now() + test_ms), job: 1 }),
    };
  });
}

function abort(nas: Nas, [name]: readonly Value[]): Value {
  const disk = diskNamed(nas, name);
  disk.smart = { ...disk.smart, testing: null };
  return null;
}

/** What the middleware knew of SMART, and took out in 25.10 but for the temperatures. */
export const smartMethods: readonly Method[] = [
  { name: "disk.temperatures", answer: temperatures },
  { name: "disk.smart_attributes", until: "25.10", answer: attributes },
  { name: "smart.test.results", until: "25.10", answer: results },
  { name: "smart.test.manual_test", until: "25.10", answer: test },
  { name: "smart.test.abort", since: "24.10", until: "25.10", answer: abort },
];
