import { afterAll, beforeAll, describe } from "vitest";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { zfsChangesOverShell, zfsOverShell } from "../../../src/systems/zfs/index.ts";
import { type ZfsRig, zfsChangesContract } from "../../systems/zfs/changes-contract.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

/** The contract that the played zpool and the simulated TrueNAS pass, held against real OpenZFS: so they are like it. */
describe.skipIf(guestMissing !== null)(onGuest("changes of a real OpenZFS"), { timeout: 300_000 }, () => {
  let guest: ZfsGuest;
  let shells: Shells;
  let opened = 0;
  beforeAll(async () => {
    guest = await startZfsGuest();
    shells = connectShell({ kind: "ssh", ssh: guest.ssh });
  });
  afterAll(async () => {
    await shells.close();
    await guest.down();
  });

  // One guest for all: each works on a dataset of its own, and leaves the pool a whole mirror.
  zfsChangesContract("over its shell", async (): Promise<ZfsRig> => {
    const dataset = `tank/work${++opened}`;
    const changing = zfsChangesOverShell(shells);
    const standStill = (still: boolean) =>
      guest.run(`echo ${Number(still)} > /sys/module/zfs/parameters/zfs_scan_suspend_progress`);
    await standStill(false);
    await guest.run(`zfs create -p ${dataset}/sub`);
    return {
      reading: zfsOverShell(shells.reading),
      changing: {
        ...changing,
        // A resilver has to go on: it is the same setting.
        async scrub(...asked) {
          await standStill(true);
          await changing.scrub(...asked);
        },
      },
      pool: "tank",
      dataset,
      below: `${dataset}/sub`,
      write: async (into, bytes) =>
        void (await guest.run(`head -c ${bytes} /dev/urandom > "/${into}/$(date +%s%N)"; zpool sync tank`)),
      async finishScrub() {
        await standStill(false);
        await guest.run("zpool wait -t scrub tank");
      },
      spare: "ata-LAB_SATA_LAB-SATA-3",
      close: async () => {},
    };
  });
});
