import { StewardError } from "../shared/errors.ts";
import type { Signer } from "./define.ts";

/** The shortest passphrase that is accepted. */
export const MIN_PASSPHRASE = 12;

/** The approver of a state folder: anybody may check a signature, only the passphrase makes one. */
export interface Approver {
  exists(): boolean;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
  unlock(passphrase: string): Promise<Signer>;
}

/** Makes the approver's key; an older one is replaced. Errors: bad_input (passphrase too short). */
export function createApprover(_folder: string, _passphrase: string): Promise<{ fingerprint: string }> {
  throw new StewardError("internal", "The approver is not built yet.", "Wait for the next commit.");
}
