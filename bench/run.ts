import { listTool } from "../src/mcp/listing.ts";
import { tools } from "../src/tools/registry.ts";
import { measureBandwidth } from "./bandwidth.ts";
import { measureDiskHistory } from "./disk-history.ts";
import { measureDisks } from "./disks.ts";
import { measureGate, withGate } from "./gate.ts";
import { table } from "./measure.ts";
import { measurePermissions } from "./permissions.ts";
import { measureStart } from "./start.ts";
import { measureStorage } from "./storage.ts";
import { measureTokens } from "./tokens.ts";

// What Home Steward costs on this machine, against its targets. About a minute; nothing outside this machine is asked.
const figures = [...(await measureStart(9)), ...measureTokens(tools.map(listTool))];
await withGate(async (gate) => {
  figures.push(...(await measureBandwidth(5, gate)), ...(await measureGate(50, gate)));
  // BENCH_FILES=1000000 for the walk of a million, which takes minutes to set up.
  figures.push(...(await measurePermissions(Number(process.env.BENCH_FILES ?? 100_000), gate)));
});
figures.push(...(await measureDisks()), ...(await measureDiskHistory()), ...(await measureStorage()));
process.stdout.write(`${table(figures)}\n`);
