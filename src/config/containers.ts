import { z } from "zod";

const text = z.string().min(1);
const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

/** What kinds of containers may use: the owner's profiles. The usual ones are of the first sketch of this home. */
export const quotas = z
  .array(
    z
      .strictObject({
        containers: z.array(text).default([]).describe("Names of containers; * stands for anything."),
        images: z.array(text).default([]).describe("Their images without tag; * stands for anything."),
        labels: z.array(text).default([]).describe("Labels they carry, as name or name=value."),
        // Engines refuse less.
        cpus: z
          .number()
          .min(0.01)
          .meta({ expects: "a number, 0.01 or more" })
          .optional()
          .describe("Processors they may use at the most, e.g. 1.5."),
        memory_mib: wholeNumber(6, 16_777_216).optional().describe("Memory they may use, in MiB."),
        read_mb_per_s: wholeNumber(1, 1_000_000).optional().describe("What they may read from a disk, in MB/s."),
        write_mb_per_s: wholeNumber(1, 1_000_000).optional().describe("What they may write to a disk, in MB/s."),
      })
      .check(({ value, issues }) => {
        const { containers, images, labels, ...limits } = value;
        const issue = (message: string) => issues.push({ code: "custom", input: value, path: [], message });
        if (containers.length + images.length + labels.length === 0) issue("containers, images and labels are empty");
        if (Object.values(limits).every((limit) => limit === undefined)) issue("it limits nothing");
      }),
  )
  .default([
    {
      containers: ["plex"],
      images: ["*/plex", "*/pms-docker"],
      labels: [],
      cpus: 4,
      memory_mib: 8192,
    },
    { containers: ["sonarr", "radarr"], images: ["*/sonarr", "*/radarr"], labels: [], cpus: 1, memory_mib: 2048 },
    {
      containers: ["transmission"],
      images: ["*/transmission"],
      labels: [],
      cpus: 2,
      memory_mib: 1024,
      read_mb_per_s: 500,
      write_mb_per_s: 500,
    },
  ])
  .describe("What kinds of containers may use at the most (enforce_quotas). The first that fits counts.");

/** Ports that the owner lives with. */
export const acceptedPorts = z
  .array(
    z.strictObject({
      name: text.describe("The container, or the program of the host, that answers there; * stands for anything."),
      port: wholeNumber(1, 65_535).describe("Its port on the host."),
      protocol: z.enum(["tcp", "udp"]).default("tcp").describe("tcp or udp."),
      reason: text.describe("Why it is open."),
    }),
  )
  .default([
    {
      name: "*plex*",
      port: 32_400,
      protocol: "tcp",
      reason: "Plex's clients outside the house come in here, and no tunnel may carry its films.",
    },
  ])
  .describe("Ports that may be open (audit_exposure).");
