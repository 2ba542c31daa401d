import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "../../src/store/open.ts";
import { sampleUse } from "../../src/watch/sample-use.ts";
import { type House, openHouse } from "../tools/support/house.ts";
import { run } from "../tools/support/publish.ts";

const minute = 60_000;
const start = Date.UTC(2027, 0, 15, 12);

let folder: string;
let store: Store;
let house: House;
let now = start;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "steward-use-"));
  store = openStore(folder);
  now = start;
  house = await openHouse({ empty: true, now: () => now, moreHosts: { away: join(folder, "no.sock") } });
});
afterEach(async () => {
  await house.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const sample = () =>
  sampleUse({
    docker: house.systems.docker,
    store,
    clock: { now: () => now },
    every_ms: 5 * minute,
    signal: new AbortController().signal,
  });

test("keeps what runs, once an interval, whatever else does not answer", async () => {
  run(house.fake, "web");
  run(house.fake, "down");
  house.fake.engine.stop("down");
  now += minute;
  expect(await sample()).toBe(1);
  expect(await sample()).toBe(0);
  now += 5 * minute;
  expect(await sample()).toBe(1);
  expect(store.use.peak("nas", "web", 0)).toEqual({ memory_bytes: 333_333, cpus: 0.02, first_at: start + minute });
  expect(store.use.peak("nas", "down", 0)).toBeNull();
});
