export { accountChangesOverShell, accountsOverShell } from "./over-shell.ts";
export { accountChangesOverTrueNas, accountsOverTrueNas } from "./over-truenas.ts";
export type * from "./port.ts";
