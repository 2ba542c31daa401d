import { readFileSync } from "node:fs";
import { ownContainerId } from "./analysis/containers/own.ts";

/** The id of the container Home Steward itself runs in; undefined outside of one, and where there is no /proc. */
export function ownContainer(): string | undefined {
  try {
    return ownContainerId(readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return undefined;
  }
}
