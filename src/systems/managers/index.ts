export { composeChanges, composeProjects, composeVersion } from "./compose.ts";
export type * from "./port.ts";
export { portainerStackChanges, portainerStacks } from "./portainer-stacks.ts";
export { trueNasAppChanges, trueNasApps } from "./truenas-apps.ts";
