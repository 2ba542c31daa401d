export { connectDocker } from "./connect.ts";
export { diagnoseDocker } from "./diagnose.ts";
export type * from "./port.ts";
export type * from "./shapes.ts";
