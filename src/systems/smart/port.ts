import type { JsonObject } from "../../shared/json.ts";

/** A disk as the host sees it. Keyed on serial + model: WWNs are shared behind RAID controllers, kernel names move. */
export interface Disk {
  /** Kernel name, e.g. "sda" or "nvme0n1"; "bus-0-megaraid-3" behind a RAID controller. Letters, digits, hyphens. */
  name: string;
  /** "" where the host doesn't tell: the disk's own answer may. Text from outside, like the serial. */
  model: string;
  serial: string;
  size_bytes: number | null;
  protocol: "ata" | "nvme" | "sas" | "usb" | "unknown";
  rotational: boolean | null;
  /** "2:0:1:0" (host:channel:target:lun) or "enclosure 0, slot 4", where the host tells. */
  slot: string | null;
  /** Why no self-test can be run on it this way; absent where it can. Our own words. */
  no_self_test?: string;
}

/** One reading: smartctl's JSON as it came, or why there is none. A sleeping disk is left asleep. */
export type Reading =
  | { state: "read"; at: number; smartctl: JsonObject; exit_status: number }
  | { state: "standby"; at: number }
  | {
      state: "unmonitored";
      at: number;
      /** Our own words: what keeps it silent, and what to configure. */
      why: string;
      /** All that is told then, where anything is. */
      temperature_c?: number | null;
    };

/** What is on a disk, by its partition table and what the host knows of file systems. */
export interface Contents {
  /** "unchecked": that is not told; `why` says how far. */
  is: "blank" | "used" | "unchecked";
  /** Our own words, without a full stop. */
  why: string;
  /** Its lasting name in /dev/disk/by-id; null where none is told. */
  by_id: string | null;
}

/** The disks of one host. Errors (StewardError) of all methods: those of the shell, or of TrueNAS. */
export interface Smart {
  disks(signal?: AbortSignal): Promise<Disk[]>;
  /** Wakes nothing. `at` is ms since 1970. Errors: not_found, wrong_answer besides. */
  read(disk: string, signal?: AbortSignal): Promise<Reading>;
  /** Read afresh, and wakes nothing. Errors: not_found besides. */
  contents(disk: string, signal?: AbortSignal): Promise<Contents>;
}

export interface SmartChanges {
  /**
   * Starts a self-test in the background of the disk, or aborts the running one. Errors: not_found, conflict (a test
   * runs already), unsupported (the disk or its bridge knows no self-tests).
   */
  selfTest(disk: string, test: "short" | "long" | "abort"): Promise<void>;
}
