export { connectFiles } from "./connect.ts";
export type * from "./port.ts";
