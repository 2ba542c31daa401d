import { containerResource } from "./container.ts";
import { containersResource } from "./containers.ts";
import type { Resource } from "./define.ts";
import { diskResource } from "./disk.ts";
import { disksResource } from "./disks.ts";
import { planResource } from "./plan.ts";
import { poolResource } from "./pool.ts";
import { poolsResource } from "./pools.ts";

/** All resources, in the order in which they are listed. */
export const resources: readonly Resource[] = [
  containersResource,
  containerResource,
  poolsResource,
  poolResource,
  disksResource,
  diskResource,
  planResource,
];
