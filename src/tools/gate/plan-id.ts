import { z } from "zod";

/** A plan's handle as the gate makes it. */
export const planId = z
  .string()
  .regex(/^p-[a-z2-9]{10}$/)
  .describe("e.g. p-7kqx2m9dta");
