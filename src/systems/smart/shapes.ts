import { z } from "zod";

/** `smartctl --scan -j` */
export const scanned = z.looseObject({
  devices: z.array(z.looseObject({ name: z.string(), type: z.string(), protocol: z.string().optional() })).default([]),
});

/** `lsblk -J -b`; util-linux before 2.33 writes numbers and flags as text. */
const wholeNumber = z.coerce.number().nullish().catch(null);
const flag = z
  .union([z.boolean(), z.enum(["0", "1"]).transform((digit) => digit === "1")])
  .nullish()
  .catch(null);

export const blockDevices = z.looseObject({
  blockdevices: z
    .array(
      z.looseObject({
        name: z.string(),
        type: z.string(),
        size: wholeNumber,
        model: z.string().nullish(),
        serial: z.string().nullish(),
        tran: z.string().nullish(),
        rota: flag,
        hctl: z.string().nullish(),
        fstype: z.string().nullish(),
        mountpoint: z.string().nullish(),
        children: z.array(z.looseObject({ type: z.string() })).optional(),
      }),
    )
    .default([]),
});

export type Scanned = z.output<typeof scanned>["devices"][number];
export type BlockDevice = z.output<typeof blockDevices>["blockdevices"][number];

/** What is looked at in an answer of `smartctl -j` before anything else. */
export const answered = z.looseObject({
  smartctl: z.looseObject({
    exit_status: z.number().optional(),
    messages: z.array(z.looseObject({ string: z.string() })).optional(),
  }),
});
