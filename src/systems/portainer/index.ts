export { type PortainerClient, portainerClient } from "./client.ts";
export type { PortainerConnection } from "./door.ts";
export * from "./stacks.ts";
