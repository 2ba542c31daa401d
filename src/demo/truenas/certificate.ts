import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** ASN.1 in DER, as much of it as one certificate needs (X.690). */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const hex = (digits: string) => Buffer.from(digits, "hex");
const ecdsaWithSha256 = sequence(der(0x06, hex("2a8648ce3d040302")));
const commonName = hex("550403");
const subjectAltName = hex("551d11");

/**
 * A certificate for 127.0.0.1 that nobody vouches for, as a TrueNAS has one from its installation; made anew each time,
 * because Node signs but writes no certificates, and a key in a public repository is nobody's key.
 */
export function selfSigned(name: string): { cert: string; key: string; der: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const who = sequence(der(0x31, sequence(der(0x06, commonName), der(0x0c, Buffer.from(name)))));
  const valid = sequence(...["250101000000Z", "491231235959Z"].map((time) => der(0x17, Buffer.from(time))));
  const address = sequence(der(0x87, Buffer.from([127, 0, 0, 1])));
  const extension = sequence(der(0x06, subjectAltName), der(0x04, address));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    who,
    valid,
    who,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    der: whole,
  };
}
