import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { StewardError } from "../../src/shared/errors.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { fleet } from "../../src/systems/fleet.ts";
import type { Smart } from "../../src/systems/smart/port.ts";
import { repeat } from "../../src/watch/repeat.ts";
import { sampleDisks } from "../../src/watch/sample-disks.ts";
import { disk, now, smartOf, told } from "../tools/storage/disk-house.ts";

const minute = 60_000;
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-sampler-"));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const sample = (hosts: Record<string, Smart>, at = now) =>
  sampleDisks({
    smart: fleet("smart", Object.keys(hosts), (host) => hosts[host] ?? smartOf([], {})),
    store,
    clock: { now: () => at },
    every_ms: 30 * minute,
    signal: new AbortController().signal,
  });

it("keeps what disks that are awake say, and leaves the others", async () => {
  const nas = smartOf([disk("sda"), disk("sdb"), disk("sdc"), disk("sdd", { serial: "" })], {
    sda: told("Z-sda", { 5: 8 }),
    sdb: { state: "standby", at: now },
    sdc: new StewardError("timeout", "It took too long.", "Wait."),
    sdd: told("", {}, { serial_number: undefined }),
  });
  const away: Smart = { ...nas, disks: () => Promise.reject(new StewardError("unreachable", "Away.", "Wait.")) };
  expect(await sample({ nas, away })).toBe(1);
  expect(store.disks.days({ model: "ST4000VN008", serial: "Z-sda" }, 0)).toEqual([
    {
      at: now,
      power_on_hours: 40_000,
      reallocated: 8,
      uncorrectable: 0,
      command_timeouts: null,
      unreadable: 0,
      link_errors: 2,
      wear_percent: null,
      spare_percent: null,
      temperature_c: 31,
      temperature_max_c: 31,
    },
  ]);
  expect(store.disks.days({ model: "ST4000VN008", serial: "Z-sdb" }, 0)).toEqual([]);
});

it("is done once an interval, whichever process comes first, and outlives a clock that was wrong", async () => {
  const nas = smartOf([disk("sda")], { sda: told("Z-sda") });
  expect(await sample({ nas })).toBe(1);
  expect(await sample({ nas }, now + 29 * minute)).toBe(0);
  expect(await sample({ nas }, now + 30 * minute)).toBe(1);
  expect(await sample({ nas }, now - 600 * minute)).toBe(1);
});

it("goes on after a failure, and ends when it is told to", async () => {
  const pauses: number[] = [];
  const errors: unknown[] = [];
  let runs = 0;
  const { promise: thrice, resolve } = Promise.withResolvers<void>();
  const repeated = repeat(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error("once");
    },
    {
      first_ms: 1,
      every_ms: 30,
      clock: {
        sleep: async (ms, signal) => {
          pauses.push(ms);
          if (runs < 3) return;
          resolve();
          await new Promise((_, reject) => signal?.addEventListener("abort", reject));
        },
      },
      onError: (error) => errors.push(error),
    },
  );
  await thrice;
  await repeated.stop();
  expect(runs).toBe(3);
  expect(pauses).toEqual([1, 30, 30, 30]);
  expect(errors).toEqual([new Error("once")]);
});
