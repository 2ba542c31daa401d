import { containerResource } from "./container.ts";
import { containersResource } from "./containers.ts";
import type { Resource } from "./define.ts";
import { planResource } from "./plan.ts";

/** All resources, in the order in which they are listed. */
export const resources: readonly Resource[] = [containersResource, containerResource, planResource];
