import type { Tool } from "./define.ts";

/** All tools, in the order in which they are listed. */
export const tools: readonly Tool[] = [];
