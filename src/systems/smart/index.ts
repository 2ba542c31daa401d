export { connectSmart } from "./connect.ts";
export type * from "./port.ts";
