import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../src/store/open.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = 20_000 * day;

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steward-limits-"));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

describe("limits that were approved", () => {
  const limit = { kind: "quota", host: "nas", container: "plex", wanted: '{"cpus":4}', until: null } as const;

  it("are kept until they are set anew or dropped, one of a kind for each container", () => {
    store.limits.put(limit);
    store.limits.put({ ...limit, container: "arr", wanted: "{}" });
    store.limits.put({ ...limit, kind: "bandwidth", until: 5 });
    store.limits.put({ ...limit, host: "other" });
    store.limits.put({ ...limit, wanted: '{"cpus":2}' });
    expect(store.limits.of("quota", "nas")).toEqual([
      { ...limit, container: "arr", wanted: "{}" },
      { ...limit, wanted: '{"cpus":2}' },
    ]);
    store.limits.drop("quota", "nas", "plex");
    expect(store.limits.of("quota", "nas").map(({ container }) => container)).toEqual(["arr"]);
    expect(store.limits.of("bandwidth", "nas")).toEqual([{ ...limit, kind: "bandwidth", until: 5 }]);
    store.close();
    store = openStore(folder);
    expect(store.limits.of("quota", "other")).toHaveLength(1);
  });
});

describe("what containers used", () => {
  const sample = (at: number, cpu_s: number, memory_bytes: number, run = "r1") => ({
    host: "nas",
    container: "plex",
    run,
    at,
    cpu_ns: cpu_s * 1e9,
    memory_bytes,
  });

  it("is the highest since a time: memory of a sample, processors between two", () => {
    expect(store.use.peak("nas", "plex", 0)).toBeNull();
    store.use.add(sample(start, 100, 500));
    expect(store.use.peak("nas", "plex", 0)).toEqual({ memory_bytes: 500, cpus: null, first_at: start });
    store.use.add(sample(start + hour, 100 + 2 * 3600, 900));
    store.use.add(sample(start + 2 * hour, 100 + 3 * 3600, 700));
    expect(store.use.peak("nas", "plex", 0)).toEqual({ memory_bytes: 900, cpus: 2, first_at: start });
    expect(store.use.peak("nas", "sonarr", 0)).toBeNull();
    expect(store.use.peak("nas", "plex", start + 3 * hour)).toBeNull();
  });

  it("counts no processor time over a restart, and over midnight as over any hour", () => {
    store.use.add(sample(start + 23 * hour, 5000, 1));
    store.use.add(sample(start + day, 10, 1, "r2"));
    expect(store.use.peak("nas", "plex", 0)?.cpus).toBeNull();
    store.use.add(sample(start + day + 23 * hour, 10, 1, "r2"));
    store.use.add(sample(start + 2 * day, 10 + 1800, 1, "r2"));
    expect(store.use.peak("nas", "plex", 0)?.cpus).toBe(0.5);
  });

  it("is forgotten after a month", () => {
    store.use.add(sample(start, 0, 900));
    store.use.add(sample(start + 31 * day, 0, 100));
    expect(store.use.peak("nas", "plex", 0)).toEqual({ memory_bytes: 100, cpus: 0, first_at: start + 31 * day });
  });
});
