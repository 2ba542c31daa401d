export { connectDocker, type DockerOptions } from "./connect.ts";
export { type DockerDiagnosis, diagnoseDocker } from "./diagnose.ts";
export type * from "./port.ts";
export type * from "./shapes.ts";
