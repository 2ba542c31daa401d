import { restartCrashed } from "../docker/restart-crashed.ts";
import type { Automation } from "./define.ts";

/** What may be allowed to happen by itself. */
export const automations: readonly Automation[] = [restartCrashed];
