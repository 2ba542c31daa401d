import { endBandwidthLimit } from "../docker/end-bandwidth-limit.ts";
import { keepBandwidthLimit } from "../docker/keep-bandwidth-limit.ts";
import { restartCrashed } from "../docker/restart-crashed.ts";
import type { Automation } from "./define.ts";

/** What may be allowed to happen by itself. */
export const automations: readonly Automation[] = [restartCrashed, keepBandwidthLimit, endBandwidthLimit];
