import { diskCounts, diskFindings } from "../../analysis/overview/disks.ts";
import { readDisks } from "../storage/read-disks.ts";
import type { Area } from "./area.ts";

export const disksArea: Area = {
  name: "disks",
  needs: "smart",
  look: (context) =>
    context.systems.smart.each(async (smart, host) => {
      const seen = await readDisks(smart, host, context);
      const disks = seen.map(({ disk, reading: { state }, assessment }) => ({ disk: disk.name, state, assessment }));
      return { findings: diskFindings(host, disks), counts: diskCounts(disks) };
    }),
};
