export { connectCgroups } from "./connect.ts";
export type * from "./port.ts";
