export { zfsOverShell } from "./over-shell.ts";
export { zfsOverTrueNas } from "./over-truenas.ts";
export type * from "./port.ts";
