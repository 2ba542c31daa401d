import { z } from "zod";

/** What Docker allows as a container's name. Anything else never reaches a path, a plan or an approval's heading. */
export const containerName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,239}$/);

export const hostName = z.string().min(1).max(64);
