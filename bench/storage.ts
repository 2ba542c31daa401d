import { describeStorage } from "../src/analysis/storage/describe.ts";
import { startTrueNasFake } from "../src/demo/truenas/index.ts";
import { connectTrueNas } from "../src/systems/truenas/index.ts";
import { zfsOverTrueNas } from "../src/systems/zfs/index.ts";
import { type Figure, median, several, wallMs } from "./measure.ts";

const count = 10_000;
const hour_ms = 3_600_000;

/** A whole reading of a simulated TrueNAS with many snapshots, over its socket, and what to make of it. */
export async function measureStorage(): Promise<Figure[]> {
  const fake = await startTrueNasFake();
  const { reading } = connectTrueNas(fake.connection);
  try {
    const { nas } = fake;
    const [one] = nas.snapshots;
    if (one === undefined) throw new Error("the demo has snapshots");
    nas.snapshots = Array.from({ length: count }, (_, i) => ({
      ...one,
      dataset: nas.datasets[i % nas.datasets.length]?.name ?? one.dataset,
      name: `auto-${i}`,
      guid: String(i + 1),
      created: new Date(Date.now() - i * hour_ms),
    }));
    const zfs = zfsOverTrueNas(reading);
    const read = async () => {
      const { pools } = describeStorage(await zfs.everything(), Date.now());
      const seen = pools.reduce((sum, { snapshots }) => sum + (snapshots ?? 0), 0);
      if (seen !== count) throw new Error(`${seen} snapshots came`);
    };
    await read();
    const took = await several(3, () => wallMs(read));
    const what = `${count.toLocaleString("en")} snapshots read from a simulated TrueNAS, and judged`;
    return [{ what, value: median(took) / 1000, unit: "s", target: 2 }];
  } finally {
    await reading.close();
    await fake.close();
  }
}
