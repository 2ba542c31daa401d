export type * from "./port.ts";
export { trueNasAppChanges, trueNasApps } from "./truenas-apps.ts";
