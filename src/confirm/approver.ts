import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scrypt,
  sign,
  verify,
} from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { StewardError } from "../shared/errors.ts";
import { stateFolder } from "../store/database.ts";
import { readPrivate, writePrivate } from "../store/private-file.ts";
import { canonical } from "./canonical.ts";
import type { Signer } from "./define.ts";

/** The shortest passphrase that is accepted, in characters. */
export const MIN_PASSPHRASE = 12;
/** An opened key that nobody used for so long closes itself. */
const IDLE_MS = 600_000;
// OWASP's scrypt figures for 32 MiB: dear to guess, and within this server's memory target.
const COST = { N: 2 ** 15, r: 8, p: 3 };

const base64 = z.base64();
const approverFile = z.strictObject({
  version: z.literal(1),
  public_key: base64,
  scrypt: z.strictObject({ N: z.int(), r: z.int(), p: z.int(), salt: base64 }),
  cipher: z.strictObject({ name: z.literal("aes-256-gcm"), iv: base64, tag: base64, private_key: base64 }),
});
type ApproverFile = z.output<typeof approverFile>;

/** The approver of a state folder: anybody may check a signature, only the passphrase makes one. */
export interface Approver {
  exists(): boolean;
  /** Names the key: "SHA256:…" of its public half. */
  fingerprint(): string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
  /** Null when the passphrase is wrong. */
  unlock(passphrase: string): Promise<Signer | null>;
}

/**
 * Makes the approver's Ed25519 key; an older one is replaced. The private half is encrypted with the passphrase and
 * lies in `approver.json`, apart from the database. Errors: bad_input (passphrase too short).
 */
export async function createApprover(folder: string, passphrase: string): Promise<{ fingerprint: string }> {
  if ([...passphrase].length < MIN_PASSPHRASE) {
    throw new StewardError(
      "bad_input",
      `The passphrase is shorter than ${MIN_PASSPHRASE} characters.`,
      "Take a longer one: four or five words that do not belong together are easy to remember.",
    );
  }
  stateFolder(folder);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const head = {
    version: 1 as const,
    public_key: spki.toString("base64"),
    scrypt: { ...COST, salt: randomBytes(16).toString("base64") },
  };
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await derive(passphrase, head.scrypt), iv);
  cipher.setAAD(Buffer.from(canonical(head)));
  const encrypted = Buffer.concat([cipher.update(privateKey.export({ type: "pkcs8", format: "der" })), cipher.final()]);
  const file: ApproverFile = {
    ...head,
    cipher: {
      name: "aes-256-gcm",
      iv: iv.toString("base64"),
      tag: cipher.getAuthTag().toString("base64"),
      private_key: encrypted.toString("base64"),
    },
  };
  writePrivate(pathIn(folder), `${JSON.stringify(file, null, 2)}\n`);
  return { fingerprint: fingerprintOf(file) };
}

/** The approver as it is on the disk now: `setup` may have made a new one since. */
export function approverIn(folder: string): Approver {
  const publicKey = () => createPublicKey({ key: decoded(read(folder).public_key), type: "spki", format: "der" });
  return {
    exists: () => readPrivate(pathIn(folder)) !== undefined,
    fingerprint: () => fingerprintOf(read(folder)),
    verify: (bytes, signature) => verify(null, bytes, publicKey(), signature),
    async unlock(passphrase) {
      const file = read(folder);
      const key = await decrypt(file, passphrase);
      return key && signer(key, file.public_key);
    },
  };
}

const pathIn = (folder: string) => join(folder, "approver.json");
const decoded = (text: string) => Buffer.from(text, "base64");
const fingerprintOf = ({ public_key }: ApproverFile) =>
  `SHA256:${createHash("sha256").update(decoded(public_key)).digest("base64").replace(/=+$/, "")}`;

function read(folder: string): ApproverFile {
  const text = readPrivate(pathIn(folder));
  if (text === undefined) {
    throw new StewardError("refused", "There is no approver yet.", "A person runs: home-steward setup");
  }
  try {
    return approverFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new StewardError(
      "refused",
      "The approver's key file is damaged.",
      "A person puts approver.json back from a backup of the state folder, or runs: home-steward setup",
      { cause },
    );
  }
}

async function decrypt({ cipher, ...head }: ApproverFile, passphrase: string): Promise<KeyObject | null> {
  const key = await derive(passphrase, head.scrypt);
  const decipher = createDecipheriv("aes-256-gcm", key, decoded(cipher.iv), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(canonical(head)));
  try {
    decipher.setAuthTag(decoded(cipher.tag));
    const der = Buffer.concat([decipher.update(decoded(cipher.private_key)), decipher.final()]);
    return createPrivateKey({ key: der, type: "pkcs8", format: "der" });
  } catch {
    return null; // the tag does not match: another passphrase, or another file
  }
}

function derive(passphrase: string, { N, r, p, salt }: ApproverFile["scrypt"]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key));
    scrypt(passphrase.normalize("NFKC"), decoded(salt), 32, { N, r, p, maxmem: 256 * N * r }, done);
  });
}

function signer(privateKey: KeyObject, publicKey: string): Signer {
  let key: KeyObject | null = privateKey;
  const lock = () => {
    key = null;
    clearTimeout(idle);
  };
  const idle = setTimeout(lock, IDLE_MS).unref();
  return {
    publicKey,
    lock,
    sign(bytes) {
      if (key === null) {
        throw new StewardError("refused", "The approver's key was closed.", "Give the passphrase again.");
      }
      idle.refresh();
      return sign(null, bytes, key);
    },
  };
}
