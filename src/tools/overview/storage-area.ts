import { storageCounts, storageFindings } from "../../analysis/overview/storage.ts";
import { describeStorage } from "../../analysis/storage/describe.ts";
import type { Area } from "./area.ts";

export const storageArea: Area = {
  name: "storage",
  needs: "zfs",
  async look({ systems, clock, signal }) {
    const answers = await systems.zfs.each(async (zfs, host) => {
      const { pools, datasets } = describeStorage(await zfs.everything(signal), clock.now());
      return { findings: storageFindings(host, pools), counts: storageCounts(pools, datasets) };
    });
    // A host may have its shell for other things: that it has no ZFS is no problem of the home.
    return answers.filter((answer) => answer.ok || answer.problem.code !== "unsupported");
  },
};
