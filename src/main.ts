#!/usr/bin/env node
// Nothing is imported before the version is known: under an old Node the database's native part crashes the process.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  const { run } = await import("./cli/run.ts");
  process.exitCode = await run(process.argv.slice(2), process);
} else {
  process.stderr.write(
    `Home Steward needs Node 22.19 or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}

export {};
