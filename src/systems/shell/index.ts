export { connectShell } from "./connect.ts";
export { diagnoseShell } from "./diagnose.ts";
export type * from "./port.ts";
