import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import { releases } from "../../../src/demo/truenas/model.ts";
import type { Exchange } from "../../../src/demo/truenas/server.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { connectMidclt } from "../../../src/systems/truenas/midclt.ts";
import { trueNasContract } from "./contract.ts";
import { featuresOfFake, hastyClock, simulatedMidclt } from "./rig.ts";
import { contractOf } from "./schemas.ts";

/** So that its dates are known. */
const now = () => Date.UTC(2027, 0, 15, 12);

for (const release of releases) {
  const features = featuresOfFake[release];
  const check = contractOf(release);
  const misfitsOf = (exchanges: Exchange[]) => check && exchanges.flatMap(check);

  trueNasContract(`a simulated TrueNAS ${release} over its socket`, async () => {
    const fake = await startTrueNasFake({ release, now, job_ms: 3 });
    const { reading, changing } = connectTrueNas(fake.connection);
    const close = async () => {
      await reading.close();
      await fake.close();
    };
    return { reading, changing, features, misfits: () => misfitsOf(fake.exchanges), close };
  });

  trueNasContract(`a simulated TrueNAS ${release} through midclt`, async () => {
    const fake = await startTrueNasFake({ release, now, job_ms: 3 });
    const exchanges: Exchange[] = [];
    const run = simulatedMidclt(fake.middleware, exchanges);
    const { reading, changing } = connectMidclt(run, { clock: hastyClock });
    return { reading, changing, features, misfits: () => misfitsOf(exchanges), close: () => fake.close() };
  });
}
