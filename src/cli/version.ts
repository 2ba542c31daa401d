import { readFileSync } from "node:fs";

/** The version of this package, e.g. "0.1.0". */
export function version(): string {
  const ours: { version: string } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return ours.version;
}
