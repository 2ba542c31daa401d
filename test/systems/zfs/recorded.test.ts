import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Json } from "../../../src/shared/json.ts";
import { fromEjson } from "../../../src/systems/truenas/ejson.ts";
import { zfsOverTrueNas } from "../../../src/systems/zfs/index.ts";

const file = new URL(
  "../../../../shared/contracts/truenas/recorded-25.10.1/TestContract_PoolQuery.json",
  import.meta.url,
);
const recording = z.object({ interactions: z.array(z.object({ method: z.string(), result: z.json() })) });

test.skipIf(!existsSync(file))("a real 25.10.1's pool (skipped where the recordings are not here)", async () => {
  const { interactions } = recording.parse(JSON.parse(readFileSync(file, "utf8")));
  const answers = new Map<string, Json>(interactions.map(({ method, result }) => [method, fromEjson(result)]));
  const [pool, ...none] = await zfsOverTrueNas({
    features: async () => ({
      version: "25.10.1",
      snapshots: "pool.snapshot",
      smart: "shell",
      apps: "app",
      services: "control",
    }),
    call: async (method) => answers.get(method) ?? [],
    close: async () => {},
  }).pools();
  expect(none).toEqual([]);
  expect(pool).toMatchObject({ state: "online", fragmentation_percent: 20, usable_bytes: 0 });
  expect(pool?.scan).toMatchObject({
    function: "scrub",
    state: "finished",
    done_percent: 100,
    ended_at: Date.UTC(2026, 3, 5, 14, 36, 32),
  });
  const told = pool?.vdevs.map(({ class: of, type, disk, children, ashift }) => [
    of,
    type,
    disk,
    children.map((leaf) => leaf.disk),
    ashift,
  ]);
  expect(told?.sort()).toEqual([
    ["cache", "disk", "nvme0n1", [], 12],
    ["data", "raidz1", null, ["sdc", "sdd", "sdf"], 12],
    ["spare", "disk", "sdb", [], 12],
  ]);
});
