import { expect, vi } from "vitest";
import type { Shells } from "../../../src/systems/shell/index.ts";
import { type Pool, zfsOverShell } from "../../../src/systems/zfs/index.ts";

/**
 * The pools by the JSON of OpenZFS 2.3 and by the text that 2.2 prints as well, which have to tell the same; of a real
 * zpool in whatever state it is. A running scan has to stand still: its figures move between the two. What was written
 * a moment ago is still being accounted for, and so is asked again.
 */
export async function bothWays({ reading }: Shells): Promise<Pool[]> {
  const older: Shells["reading"] = {
    ...reading,
    run: (command, slots, options) =>
      command === "zfsVersion"
        ? Promise.resolve({ stdout: "zfs-2.2.7-1\nzfs-kmod-2.2.7-1\n", stderr: "", code: 0 })
        : reading.run(command, slots, options),
  };
  const { byJson, byText } = await vi.waitFor(
    async () => {
      const byJson = await zfsOverShell(reading).pools();
      const byText = await zfsOverShell(older).pools();
      expect(byText.map(withoutRepaired)).toEqual(byJson.map(withoutRepaired));
      return { byJson, byText };
    },
    { timeout: 60_000, interval: 1000 },
  );
  // Text tells three digits of it.
  const repaired = (pools: readonly Pool[]) => pools.map(({ scan }) => scan?.repaired_bytes ?? 0);
  repaired(byText).forEach((bytes, n) => {
    const exactly = repaired(byJson)[n] ?? 0;
    expect(Math.abs(bytes - exactly)).toBeLessThanOrEqual(exactly / 100);
  });
  return byJson;
}

const withoutRepaired = ({ scan, ...pool }: Pool) => ({ ...pool, scan: scan && { ...scan, repaired_bytes: null } });
