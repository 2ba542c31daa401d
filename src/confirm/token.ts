import { createHmac, randomInt, timingSafeEqual } from "node:crypto";

// No 0/O, 1/I/L, U/V: what is read aloud or typed from a phone comes out the same.
const ALPHABET = "ABCDEFGHJKMNPQRSTWXYZ23456789";
const LENGTH = 8;

/** A code of 8 characters, shown as "ABCD-EFGH": 39 bits, three tries and five minutes. */
export function newToken(): string {
  const characters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}

/** What is stored of a token. It belongs to one plan's digest: the token of another plan hashes to something else. */
export function tokenHash(key: Buffer, digest: string, token: string): string {
  const typed = token.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return createHmac("sha256", key).update(`${digest} ${typed}`).digest("hex");
}

/** Whether two hex strings are equal, in a time that does not tell where they differ. */
export function sameHex(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, "hex"), Buffer.from(b, "hex")];
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
