import type { Prompt } from "./define.ts";

/** All prompts, in the order in which they are listed. */
export const prompts: readonly Prompt[] = [];
