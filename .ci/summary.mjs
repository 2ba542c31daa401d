// summary.mjs REPORT… : adds up vitest's JSON reports. Names what failed and what was skipped, then one line of figures.
// A file that could not be loaded counts as one failure: vitest's own figures leave it out, because no test of it ran.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import process from "node:process";

const say = (line) => process.stdout.write(`${line}\n`);
const failed = [];
const skipped = [];
let passed = 0;
let complete = true;

for (const report of process.argv.slice(2)) {
  if (!existsSync(report)) {
    say(`There is no report ${report}: that suite did not get to its end.`);
    complete = false;
    continue;
  }
  const { success, testResults } = JSON.parse(readFileSync(report, "utf8"));
  complete &&= success;
  for (const file of testResults) {
    const name = relative(process.cwd(), file.name);
    const before = failed.length;
    for (const test of file.assertionResults) {
      const title = `${name} > ${test.fullName}`;
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") failed.push(title);
      else skipped.push(title);
    }
    if (file.status === "failed" && failed.length === before) failed.push(`${name} (the file itself)`);
  }
}

const list = (heading, titles) =>
  titles.length > 0 && say(`\n${heading}:\n${titles.map((title) => `  ${title}`).join("\n")}`);
list("Failed", failed);
list("Skipped", skipped);
say(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = complete && failed.length === 0 && passed > 0 ? 0 : 1;
