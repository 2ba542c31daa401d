import type { z } from "zod";
import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import { asJsonObject } from "../../shared/json.ts";
import type { Shells } from "../shell/index.ts";
import { contentsOf } from "./contents.ts";
import { type Device, devicesOf } from "./devices.ts";
import type { Reading, Smart, SmartChanges } from "./port.ts";
import { answered, blockDevices, scanned } from "./shapes.ts";

/** smartctl's exit bits for "wrong use" and "could not open, or asleep"; the others come with data. */
const noAnswer = 0b11;
/** Bit 2: a command to the disk failed. */
const commandFailed = 0b100;
/** "Device is in STANDBY mode, exit(2)", "… in STANDBY (OS) mode", "… in STANDBY BY COMMAND mode". */
const sleeping = /^Device is in .*\b(STANDBY|SLEEP|IDLE)\b.* mode/i;

/** The disks of one host, through its shell: hand `changing` to the gate only. The shell stays its owner's to close. */
export function connectSmart(shells: Shells, clock: Pick<Clock, "now">): { reading: Smart; changing: SmartChanges } {
  let known: readonly Device[] = [];

  const look = async (signal?: AbortSignal): Promise<readonly Device[]> => {
    const options = signal ? { signal } : {};
    const [scan, blocks] = await Promise.all([shells.reading.run("smartctlScan", {}, options), blocksOf(options)]);
    known = devicesOf(parsed(scanned, scan.stdout).devices, blocks ?? []);
    return known;
  };
  /** Not every system has lsblk: without it a disk's own answer has to name it. */
  const blocksOf = async (options: { signal?: AbortSignal }) => {
    const blocks = await shells.reading.run("blockDevices", {}, options).catch((error: unknown) => {
      if (error instanceof StewardError && error.code === "unsupported") return undefined;
      throw error;
    });
    return blocks?.code === 0 ? parsed(blockDevices, blocks.stdout).blockdevices : undefined;
  };
  const find = async (name: string, signal?: AbortSignal): Promise<Device> => {
    const here = (devices: readonly Device[]) => devices.find(({ disk }) => disk.name === name);
    const device = here(known) ?? here(await look(signal));
    if (device) return device;
    throw new StewardError("not_found", "No disk of that name is there.", "get_disks lists them.");
  };

  return {
    reading: {
      disks: async (signal) => (await look(signal)).map(({ disk }) => disk),
      async read(name, signal) {
        const { path, driver } = await find(name, signal);
        const { stdout } = await shells.reading.run("smartctlRead", { disk: path, driver }, signal ? { signal } : {});
        return readingOf(stdout, clock.now());
      },
      async contents(name, signal) {
        const { path } = await find(name, signal);
        const options = signal ? { signal } : {};
        const [blocks, links] = await Promise.all([
          blocksOf(options),
          // Without find, or without udev, there are no such names.
          shells.reading.run("diskLinks", {}, options).catch(() => ({ stdout: "" })),
        ]);
        return contentsOf(name, path, blocks, links.stdout);
      },
    },
    changing: {
      async selfTest(name, test) {
        const { path, driver } = await find(name);
        const command = { short: "smartctlTestShort", long: "smartctlTestLong", abort: "smartctlTestAbort" } as const;
        const { stdout } = await shells.changing.run(command[test], { disk: path, driver });
        const { exit_status = 0, messages = [] } = parsed(answered, stdout).smartctl;
        if ((exit_status & (noAnswer | commandFailed)) === 0) return;
        throw messages.some(({ string }) => /progress|abort/i.test(string))
          ? new StewardError("conflict", "A self-test runs on this disk already.", "Wait for its end, or abort it.")
          : new StewardError(
              "unsupported",
              "The disk took no such self-test.",
              "It, or the bridge before it, may have none.",
            );
      },
    },
  };
}

function readingOf(stdout: string, at: number): Reading {
  const smartctl = parsed(answered, stdout);
  const { exit_status = 0, messages = [] } = smartctl.smartctl;
  if (messages.some(({ string }) => sleeping.test(string))) return { state: "standby", at };
  if (exit_status & noAnswer) return { state: "unmonitored", at, why: "smartctl could not open it" };
  return { state: "read", at, smartctl: asJsonObject(smartctl), exit_status };
}

function parsed<T extends z.ZodType>(schema: T, stdout: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(stdout));
  } catch (error) {
    throw new StewardError(
      "wrong_answer",
      "smartctl or lsblk answered something that is not its JSON.",
      "smartmontools 7.0 or newer is needed.",
      { cause: error },
    );
  }
}
