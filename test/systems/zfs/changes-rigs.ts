import { startTrueNasFake, type TrueNasFake } from "../../../src/demo/truenas/index.ts";
import type { Release } from "../../../src/demo/truenas/model.ts";
import { connectMidclt, connectTrueNas } from "../../../src/systems/truenas/index.ts";
import {
  zfsChangesOverShell,
  zfsChangesOverTrueNas,
  zfsOverShell,
  zfsOverTrueNas,
} from "../../../src/systems/zfs/index.ts";
import { hastyClock, simulatedMidclt } from "../truenas/rig.ts";
import type { ZfsRig } from "./changes-contract.ts";
import { PlayedZfs } from "./played-zfs.ts";

export async function playedRig(machine = new PlayedZfs()): Promise<ZfsRig> {
  const shells = machine.shells();
  const clock = { now: () => machine.now * 1000, monotonic: () => 0, sleep: async () => {} };
  return {
    reading: zfsOverShell(shells.reading, clock),
    changing: zfsChangesOverShell(shells),
    pool: "tank",
    dataset: "tank/data",
    below: "tank/data/sub",
    write: async (dataset, bytes) => machine.write(dataset, bytes),
    finishScrub: async () => machine.tank.finish(),
    spare: "ata-C",
    close: async () => {},
  };
}

/** The pool "personal" of the simulated TrueNAS, with a dataset of its own; over its socket, or through midclt. */
export async function truenasRig(
  release: Release,
  way: "socket" | "midclt" = "socket",
): Promise<ZfsRig & { fake: TrueNasFake }> {
  const fake = await startTrueNasFake({ release, job_ms: null });
  const nas =
    way === "socket"
      ? connectTrueNas(fake.connection, { clock: hastyClock })
      : connectMidclt(simulatedMidclt(fake.middleware), { clock: hastyClock });
  const { jobs } = fake.middleware;
  // A scrub lasts until the test ends it; all else is done soon.
  jobs.listen(({ id, method, state }) => {
    if (method === "pool.replace" && state === "RUNNING") setImmediate(() => jobs.finish(Number(id)));
  });
  const model = fake.nas.datasets.find(({ name }) => name === "personal/documents");
  if (model === undefined) throw new Error("the demo has documents");
  for (const name of ["personal/data", "personal/data/sub"]) fake.nas.datasets.push({ ...model, name });
  return {
    fake,
    reading: zfsOverTrueNas(nas.reading),
    changing: zfsChangesOverTrueNas(nas),
    pool: "personal",
    dataset: "personal/data",
    below: "personal/data/sub",
    async write(dataset, bytes) {
      const found = fake.nas.datasets.find(({ name }) => name === dataset);
      if (found) found.referenced_bytes += bytes;
    },
    async finishScrub() {
      const id = jobs.running("pool.scrub.scrub", "personal");
      if (id !== null) jobs.finish(id);
    },
    spare: "sdi",
    async close() {
      await nas.reading.close();
      await fake.close();
    },
  };
}
