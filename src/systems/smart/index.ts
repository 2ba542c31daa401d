export { connectSmart } from "./connect.ts";
export { smartOverTrueNas } from "./over-truenas.ts";
export type * from "./port.ts";
