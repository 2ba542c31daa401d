import { writeFileSync } from "node:fs";
import { generatedPages } from "./docs/pages.ts";

for (const [path, page] of Object.entries(generatedPages())) {
  writeFileSync(new URL(`../${path}`, import.meta.url), page);
  process.stdout.write(`${path}\n`);
}
