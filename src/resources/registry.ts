import type { Resource } from "./define.ts";

/** All resources, in the order in which they are listed. */
export const resources: readonly Resource[] = [];
