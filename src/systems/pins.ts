import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { connect, type PeerCertificate } from "node:tls";

/**
 * Fingerprints of keys and certificates that the owner pinned. Written as `ssh-keygen -lf` does ("SHA256:" and base64
 * without padding), or as openssl and browsers do (32 hex pairs with colons).
 */
export function fingerprintOf(bytes: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}

/** Whether two fingerprints mean the same, however each is written. Nothing equals what can't be read. */
export function samePin(one: string, other: string): boolean {
  const bytes = digestIn(one);
  return bytes !== null && digestIn(other)?.equals(bytes) === true;
}

function digestIn(pin: string): Buffer | null {
  const base64 = /^SHA256:([A-Za-z0-9+/]{43})=?$/.exec(pin)?.[1];
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  return /^(?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(pin) ? Buffer.from(pin.replaceAll(":", ""), "hex") : null;
}

export const certificatePin = (certificate: PeerCertificate): string => fingerprintOf(certificate.raw);

/** What a TLS server is asked for; an address is no name. */
export const nameFor = (host: string): string => (isIP(host) === 0 ? host : "");

/** The fingerprint of the certificate that a TLS server shows, verified or not: for a person to compare. Null: none seen. */
export function shownCertificate(host: string, port: number, deadline_ms: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername: nameFor(host), rejectUnauthorized: false });
    const done = (seen: string | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => done(null), deadline_ms);
    socket.once("secureConnect", () => done(certificatePin(socket.getPeerCertificate())));
    socket.once("error", () => done(null));
  });
}
