import { z } from "zod";
import { asJsonObject, type JsonObject } from "../../shared/json.ts";
import type { Disk } from "./port.ts";

/** The parts of TrueNAS's answers that we depend on (24.04 to 26). */
const wholeNumber = z.number().int();

export const truenasDisks = z.array(
  z.object({
    identifier: z.string(),
    name: z.string(),
    serial: z.string(),
    model: z.string().nullable(),
    size: wholeNumber.nullable(),
    type: z.string().nullable(),
    bus: z.string(),
    rotationrate: wholeNumber.nullable(),
    /** Told only where it is asked for. */
    pool: z.string().nullish(),
    enclosure: z.object({ number: wholeNumber.optional(), slot: wholeNumber.optional() }).nullish(),
  }),
);
export type TrueNasDisk = z.output<typeof truenasDisks>[number];

/** Null for a disk that sleeps or has no sensor. 24.10 and before tell whole numbers, drivetemp fractions. */
export const temperatures = z.record(z.string(), z.number().nullable());

/** As `smartctl -A -j` prints them; decoded where all of smartctl's output is. */
export const attributes = z.array(z.record(z.string(), z.json()));

export const testResults = z.array(
  z.object({
    disk: z.string(),
    tests: z
      .array(
        z.object({
          description: z.string(),
          status: z.string(),
          status_verbose: z.string().nullable(),
          lifetime: wholeNumber.nullish(),
        }),
      )
      .default([]),
    current_test: z.object({ progress: z.number() }).nullish(),
  }),
);
type Results = z.output<typeof testResults>[number];

/** What `smart.test.manual_test` says of each disk; `error` is smartctl's own text. */
export const begun = z.array(z.object({ error: z.string().nullable() }));

const buses: Readonly<Record<string, Disk["protocol"]>> = {
  NVME: "nvme",
  ATA: "ata",
  SCSI: "sas",
  SAS: "sas",
  USB: "usb",
};

export const protocolOf = ({ bus }: TrueNasDisk): Disk["protocol"] => buses[bus.toUpperCase()] ?? "unknown";

export function diskOf(told: TrueNasDisk, no_self_test: string | undefined): Disk {
  const { number, slot } = told.enclosure ?? {};
  return {
    name: told.name,
    model: told.model?.trim() ?? "",
    serial: told.serial.trim(),
    size_bytes: told.size || null,
    protocol: protocolOf(told),
    rotational: told.type === null ? null : told.type === "HDD",
    slot: slot === undefined ? null : number === undefined ? `slot ${slot}` : `enclosure ${number}, slot ${slot}`,
    ...(no_self_test === undefined ? {} : { no_self_test }),
  };
}

const running = 0xf0;

/**
 * The same disk in smartctl's own JSON, so that it is decoded where all others are. What TrueNAS does not tell (the
 * SMART status, how long a test takes) is absent.
 */
export function asSmartctl(
  disk: TrueNasDisk,
  told: { temperature_c: number | null; attributes: z.output<typeof attributes>; results: Results | undefined },
): JsonObject {
  const { tests = [], current_test } = told.results ?? {};
  const progress = current_test?.progress ?? (tests[0]?.status === "RUNNING" ? 0 : undefined);
  return asJsonObject({
    smartctl: { exit_status: 0 },
    device: { protocol: "ATA" },
    model_name: disk.model ?? undefined,
    serial_number: disk.serial,
    user_capacity: disk.size === null ? undefined : { bytes: disk.size },
    rotation_rate: disk.type === "SSD" ? 0 : (disk.rotationrate ?? undefined),
    temperature: told.temperature_c === null ? undefined : { current: told.temperature_c },
    ata_smart_attributes: { table: told.attributes },
    ata_smart_data: {
      self_test: {
        status: progress === undefined ? { value: 0 } : { value: running, remaining_percent: 100 - progress },
      },
    },
    ata_smart_self_test_log: {
      standard: {
        table: tests.map(({ description, status, status_verbose, lifetime }) => ({
          type: { string: description },
          status: statusOf(status, status_verbose ?? ""),
          lifetime_hours: lifetime ?? undefined,
        })),
      },
    },
  });
}

/** TrueNAS calls everything FAILED that it does not know by heart, also a test that the host's reset interrupted. */
function statusOf(status: string, verbose: string): { value?: number; passed?: boolean } {
  if (status === "SUCCESS") return { passed: true };
  if (status === "RUNNING") return { value: running };
  return status === "FAILED" && /fail/i.test(verbose) ? { passed: false } : {};
}
