import type { Disk } from "./port.ts";
import type { BlockDevice, Scanned } from "./shapes.ts";

/** A disk and how smartctl reaches it. */
export interface Device {
  disk: Disk;
  /** Without "/dev/". */
  path: string;
  /** smartctl's -d. */
  driver: string;
}

/** Disks by their kernel names. zram, loop, zvols and CD drives are block devices too. */
const disks = /^(sd[a-z]+|hd[a-z]|nvme\d+n\d+|vd[a-z]+|xvd[a-z]+|mmcblk\d+|ada\d+|da\d+|nvd\d+)$/;

/**
 * Joins what smartctl finds with what the kernel lists. A disk that only one of them knows is listed all the same: a
 * bridge that passes nothing on has to be seen to be called unmonitored.
 */
export function devicesOf(found: readonly Scanned[], listed: readonly BlockDevice[]): Device[] {
  const blocks = new Map(
    listed.filter(({ name, type }) => type === "disk" && disks.test(name)).map((b) => [b.name, b]),
  );
  const devices = found.map(({ name, type, protocol }): Device => {
    const path = name.replace(/^\/dev\//, "");
    // The controller is what smartctl opens, its first namespace is what pools are made of.
    const block = blocks.get(path) ?? blocks.get(`${path}n1`);
    if (block) blocks.delete(block.name);
    // Several disks behind one controller share its path; only the driver tells them apart.
    const shared = found.filter((other) => other.name === name).length > 1;
    const own = (shared ? `${path}-${type}` : (block?.name ?? path)).replace(/[^a-z0-9]+/gi, "-");
    return { disk: disk(own, block, protocol), path, driver: driverOf(type) };
  });
  const unscanned = [...blocks.values()].map(
    (block): Device => ({
      disk: disk(block.name, block, undefined),
      path: block.name,
      driver: "auto",
    }),
  );
  return [...devices, ...unscanned].sort((a, b) => a.disk.name.localeCompare(b.disk.name, "en", { numeric: true }));
}

/** A scan calls every SATA disk "scsi" as well; taken by its word, smartctl would not look behind it. */
const driverOf = (type: string): string => (type === "scsi" || type === "ata" ? "auto" : type);

function disk(name: string, block: BlockDevice | undefined, protocol: string | undefined): Disk {
  return {
    name,
    model: block?.model?.trim() ?? "",
    serial: block?.serial?.trim() ?? "",
    size_bytes: block?.size || null,
    protocol: protocolOf(block?.tran, protocol),
    rotational: block?.rota ?? null,
    slot: block?.hctl || null,
  };
}

function protocolOf(transport: string | null | undefined, protocol: string | undefined): Disk["protocol"] {
  if (transport === "usb" || transport === "sas" || transport === "nvme") return transport;
  if (transport === "sata" || transport === "ata") return "ata";
  return protocol === "NVMe" ? "nvme" : protocol === "ATA" ? "ata" : "unknown";
}
