export { zfsChangesOverShell } from "./changes-over-shell.ts";
export { zfsChangesOverTrueNas } from "./changes-over-truenas.ts";
export { zfsOverShell } from "./over-shell.ts";
export { zfsOverTrueNas } from "./over-truenas.ts";
export type * from "./port.ts";
