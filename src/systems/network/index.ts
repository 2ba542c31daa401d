export { connectNetwork } from "./connect.ts";
export type * from "./port.ts";
