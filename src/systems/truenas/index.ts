export { connectTrueNas } from "./connect.ts";
export { diagnoseTrueNas, diagnosisOf } from "./diagnose.ts";
export { connectMidclt, midcltThrough } from "./midclt.ts";
export type * from "./port.ts";
