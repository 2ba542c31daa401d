export { connectTrueNas, type TrueNasOptions } from "./connect.ts";
export { diagnoseTrueNas, type TrueNasDiagnosis } from "./diagnose.ts";
export { connectMidclt, midcltThrough } from "./midclt.ts";
export type * from "./port.ts";
