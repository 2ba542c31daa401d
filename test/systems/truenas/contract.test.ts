import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import type { Release } from "../../../src/demo/truenas/model.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import type { TrueNasFeatures } from "../../../src/systems/truenas/port.ts";
import { trueNasContract } from "./contract.ts";
import { contractOf } from "./schemas.ts";

const features: Record<Release, TrueNasFeatures> = {
  "24.04": {
    version: "24.04.2.4",
    snapshots: "zfs.snapshot",
    smart: "middleware",
    apps: "chart.release",
    services: "start_stop",
  },
  "24.10": {
    version: "24.10.2.4",
    snapshots: "zfs.snapshot",
    smart: "middleware",
    apps: "app",
    services: "start_stop",
  },
  "25.04": {
    version: "25.04.2.6",
    snapshots: "zfs.snapshot",
    smart: "middleware",
    apps: "app",
    services: "start_stop",
  },
  "25.10": { version: "25.10.1", snapshots: "pool.snapshot", smart: "shell", apps: "app", services: "control" },
  "26": { version: "26.0.0", snapshots: "pool.snapshot", smart: "shell", apps: "app", services: "control" },
};
/** So that its dates are known. */
const now = () => Date.UTC(2027, 0, 15, 12);

for (const release of ["24.04", "24.10", "25.04", "25.10", "26"] as const)
  trueNasContract(`a simulated TrueNAS ${release} over its socket`, async () => {
    const fake = await startTrueNasFake({ release, now, job_ms: 3 });
    const check = contractOf(release);
    const { reading, changing } = connectTrueNas(fake.connection);
    return {
      reading,
      changing,
      features: features[release],
      misfits: () => check && fake.exchanges.flatMap(check),
      async close() {
        await reading.close();
        await fake.close();
      },
    };
  });
