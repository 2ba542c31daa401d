export { connectFiles } from "./connect.ts";
export { connectFileChanges } from "./owners.ts";
export type * from "./port.ts";
