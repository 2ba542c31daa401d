import type { JsonObject } from "../../shared/json.ts";

/** A disk as the host sees it. Keyed on serial + model: WWNs are shared behind RAID controllers, kernel names move. */
export interface Disk {
  /** Kernel name, e.g. "sda" or "nvme0n1". */
  name: string;
  model: string;
  serial: string;
  size_bytes: number | null;
  /** "ata" "nvme" "sas" "usb" "unknown" */
  protocol: "ata" | "nvme" | "sas" | "usb" | "unknown";
  rotational: boolean | null;
  /** Slot or enclosure, where the host tells. */
  slot: string | null;
}

/** One reading: smartctl's JSON as it came, or why there is none. A sleeping disk is left asleep. */
export type Reading =
  | { state: "read"; at: number; smartctl: JsonObject; exit_status: number }
  | { state: "standby"; at: number }
  | { state: "unmonitored"; at: number; why: string };

export interface Smart {
  disks(signal?: AbortSignal): Promise<Disk[]>;
  /** `smartctl -n standby -x -j`; wakes nothing. `at` is ms since 1970. */
  read(disk: string, signal?: AbortSignal): Promise<Reading>;
  close(): Promise<void>;
}

export interface SmartChanges {
  /** Starts a self-test in the background of the disk, or aborts the running one. */
  selfTest(disk: string, test: "short" | "long" | "abort"): Promise<void>;
}
