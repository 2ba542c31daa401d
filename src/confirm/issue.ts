import type { Authorised } from "./define.ts";

/**
 * Which proofs are real: an object is one because it is in this set, whatever it looks like. Only src/confirm may
 * import this file (.dependency-cruiser.cjs); others check with authorised.ts.
 */
const issued = new WeakSet<Authorised>();

export function issue(planId: string, digest: string): Authorised {
  const authorised = Object.freeze({ planId, digest });
  issued.add(authorised);
  return authorised;
}

export const isIssued = (authorised: Authorised): boolean => issued.has(authorised);

/** When its plan has ended a proof opens nothing any more. */
export const withdraw = (authorised: Authorised): boolean => issued.delete(authorised);
