export { type PortainerClient, portainerClient } from "./client.ts";
export { diagnosePortainer } from "./diagnose.ts";
export type { PortainerConnection } from "./door.ts";
export * from "./stacks.ts";
