import { describe } from "vitest";
import { connectShell } from "../../src/systems/shell/index.ts";
import { zfsChangesOverShell, zfsOverShell } from "../../src/systems/zfs/index.ts";
import { type ZfsRig, zfsChangesContract } from "../systems/zfs/changes-contract.ts";
import { guestMissing, onGuest, startZfsGuest } from "./support/zfs-guest.ts";

/** The contract that the played zpool and the simulated TrueNAS pass, held against real OpenZFS: so they are like it. */
describe.skipIf(guestMissing !== null)(onGuest("changes of a real OpenZFS"), () => {
  zfsChangesContract("over its shell", async (): Promise<ZfsRig> => {
    const guest = await startZfsGuest();
    await guest.run("zfs create -p tank/work/sub");
    const shells = connectShell({ kind: "ssh", ssh: guest.ssh });
    const changing = zfsChangesOverShell(shells);
    const standStill = (still: boolean) =>
      guest.run(`echo ${Number(still)} > /sys/module/zfs/parameters/zfs_scan_suspend_progress`);
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
      dataset: "tank/work",
      below: "tank/work/sub",
      write: async (dataset, bytes) =>
        void (await guest.run(`head -c ${bytes} /dev/urandom > "/${dataset}/$(date +%s%N)"; zpool sync tank`)),
      async finishScrub() {
        await standStill(false);
        await guest.run("zpool wait -t scrub tank");
      },
      spare: "ata-LAB_SATA_LAB-SATA-3",
      async close() {
        await shells.close();
        await guest.down();
      },
    };
  });
});
