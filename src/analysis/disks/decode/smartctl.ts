import { z } from "zod";

/**
 * The parts of `smartctl -x -j` that are read, by smartmontools 7.x. A part that is missing or misshapen is left out by
 * itself: one odd field in a drive's answer must not cost the others.
 */
const number = z
  .union([
    z.number(),
    // SCSI logs come as text in some versions.
    z
      .string()
      .regex(/^-?\d{1,15}(\.\d+)?$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);
const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const part = <S extends z.ZodRawShape>(shape: S) => z.object(shape).optional().catch(undefined);
// Sparse tables hold nulls.
const list = <T extends z.ZodType>(entry: T) => z.array(entry.nullable().catch(null)).catch([]).default([]);

const attribute = z.object({
  id: z.number(),
  name: z.string().catch(""),
  value: number,
  thresh: number,
  when_failed: text,
  flags: part({ prefailure: flag }),
  raw: part({ value: number, string: text }),
});

const ataSelfTest = z.object({
  type: part({ string: text }),
  status: part({ value: number, passed: flag }),
  lifetime_hours: number,
});
const ataSelfTests = part({ table: list(ataSelfTest) });

const nvmeSelfTest = z.object({
  self_test_code: part({ string: text }),
  self_test_result: part({ value: number }),
  power_on_hours: number,
});

const scsiSelfTest = part({
  code: part({ string: text }),
  result: part({ value: number }),
  power_on_time: part({ hours: number }),
});

const scsiErrors = part({ total_uncorrected_errors: number });
const percent = part({ current_percent: number, threshold_percent: number });

const twenty = Array.from({ length: 20 }, (_, i) => `scsi_self_test_${i}` as const);

export const smartctlOutput = z.object({
  smartctl: part({ exit_status: number }),
  device: part({ type: text, protocol: text }),
  model_name: text,
  scsi_model_name: text,
  scsi_vendor: text,
  serial_number: text,
  user_capacity: part({ bytes: number }),
  nvme_total_capacity: number,
  rotation_rate: number,
  smart_status: part({ passed: flag }),
  power_on_time: part({ hours: number }),
  temperature: part({
    current: number,
    op_limit_max: number,
    limit_max: number,
    critical_limit_max: number,
    drive_trip: number,
  }),
  ata_smart_attributes: part({ table: list(attribute) }),
  ata_smart_data: part({
    self_test: part({
      status: part({ value: number, remaining_percent: number }),
      polling_minutes: part({ short: number, extended: number }),
    }),
    capabilities: part({ self_tests_supported: flag }),
  }),
  ata_smart_self_test_log: part({ standard: ataSelfTests, extended: ataSelfTests }),
  endurance_used: percent,
  spare_available: percent,
  nvme_smart_health_information_log: part({
    critical_warning: number,
    temperature: number,
    available_spare: number,
    available_spare_threshold: number,
    percentage_used: number,
    power_on_hours: number,
    media_errors: number,
  }),
  nvme_composite_temperature_threshold: part({ warning: number, critical: number }),
  nvme_optional_admin_commands: part({ self_test: flag }),
  nvme_self_test_log: part({
    current_self_test_operation: part({ value: number }),
    current_self_test_completion_percent: number,
    table: list(nvmeSelfTest),
  }),
  scsi_grown_defect_list: number,
  scsi_error_counter_log: part({ read: scsiErrors, write: scsiErrors, verify: scsiErrors }),
  scsi_extended_self_test_seconds: number,
  scsi_percentage_used_endurance_indicator: number,
  scsi_environmental_reports: part({ temperature_1: part({ current: number }) }),
});

export type Smartctl = z.output<typeof smartctlOutput>;
export type Attribute = z.output<typeof attribute>;

const scsiSelfTests = z.array(scsiSelfTest);

/** The SCSI self-test log, newest first: smartctl writes it as numbered keys. */
export const scsiSelfTestsOf = (json: Readonly<Record<string, unknown>>) =>
  scsiSelfTests.parse(twenty.map((key) => json[key]));
