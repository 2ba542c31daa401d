import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { StewardError } from "../shared/errors.ts";
import { readPrivate, writePrivate } from "../store/private-file.ts";

/** The server's own keys. They lie in `gate.key`, apart from the database, so that its reader or writer lacks them. */
export interface GateKeys {
  /** Chains the audit. */
  readonly audit: Buffer;
  /** Hashes tokens: without it a stored hash of 39 bits could be searched through in minutes. */
  readonly token: Buffer;
}

const FILE = "gate.key";

/** Reads the keys; undefined where none were made yet. Errors: refused (damaged). */
export function readKeys(folder: string): GateKeys | undefined {
  const hex = readPrivate(join(folder, FILE))?.trim();
  if (hex === undefined) return undefined;
  if (/^[0-9a-f]{64}$/.test(hex)) return keysFrom(Buffer.from(hex, "hex"));
  throw new StewardError(
    "refused",
    "The gate's key file is damaged, so nothing can be planned, approved or changed.",
    "Put gate.key back from a backup of the state folder, or move that folder away and run setup again.",
  );
}

/** New keys, and how to keep them: the caller writes what belongs to them first. */
export function newKeys(folder: string): { keys: GateKeys; keep(): void } {
  const secret = randomBytes(32);
  return {
    keys: keysFrom(secret),
    keep: () => writePrivate(join(folder, FILE), `${secret.toString("hex")}\n`),
  };
}

function keysFrom(secret: Buffer): GateKeys {
  const derived = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "", `home-steward ${purpose}`, 32));
  return { audit: derived("audit"), token: derived("token") };
}
