import { StewardError } from "../shared/errors.ts";
import type { Authorised } from "./define.ts";
import { isIssued } from "./issue.ts";

/**
 * Throws unless the gate itself issued this very object and its plan is still running. The composition root calls it
 * before it opens a changing system. Errors: refused.
 */
export function assertAuthorised(authorised: Authorised): void {
  if (isIssued(authorised)) return;
  throw new StewardError(
    "refused",
    "Nothing is changed without a person's approval.",
    "A change is planned by its tool and then approved by a person.",
  );
}
