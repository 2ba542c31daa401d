import { literal } from "../shared/literal.ts";

/** Takes configured secrets out of a text. */
export type Scrub = (text: string) => string;

const hidden = "[secret]";
/** Anything shorter would take ordinary words and numbers with it. */
const shortest = 4;
/** A secret of several lines (a private key) is one secret a line, from this length on: programs wrap and indent it. */
const longLine = 16;

/**
 * Builds a scrubber that finds each secret as it is, in base64 (standard and URL alphabets, wherever it starts in the
 * encoded bytes), in hex, URL-encoded and JSON-escaped. Secrets under four characters are left alone.
 */
export function createScrub(secrets: readonly string[]): Scrub {
  const whole = secrets.flatMap(linesOf).filter((secret) => secret.length >= shortest);
  if (whole.length === 0) return (text) => text;
  const forms = [...new Set(whole.flatMap(encodings))].toSorted((one, other) => other.length - one.length);
  const pattern = new RegExp(forms.join("|"), "g");
  // The mark itself must not show a secret, whatever the owner chose.
  const mark = new RegExp(pattern.source).test(hidden) ? "***" : hidden;
  return (text) => text.replace(pattern, mark);
}

function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  return lines.length === 1 ? lines : lines.filter((line) => line.length >= longLine && !line.startsWith("-----"));
}

/** Sources of regular expressions. */
function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    literal(secret),
    literal(json),
    literal(JSON.stringify(json).slice(1, -1)),
    anyCase(bytes.toString("hex")),
    percentEncoded(secret),
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
  ];
}

/** Every character either as it is or as its percent-encoded bytes; a space may be a plus. */
function percentEncoded(secret: string): string {
  return [...secret]
    .map((character) => {
      const escaped = [...Buffer.from(character, "utf8")]
        .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
        .join("");
      const ways = [literal(character), anyCase(escaped), ...(character === " " ? ["\\+"] : [])];
      return `(?:${ways.join("|")})`;
    })
    .join("");
}

/**
 * What stays the same of the encoded secret whatever comes before and after it, when it starts `offset` bytes into a
 * group of three; and with it the characters at both ends that hold some of its bits.
 */
function base64At(bytes: Buffer, offset: number): string[] {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const first = [0, 2, 3][offset] ?? 0;
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  const core = shifted.slice(first, last);
  if (core.length < shortest) return [];
  const source = [...core].map((character) => ({ "+": "[+-]", "/": "[/_]" })[character] ?? character).join("");
  const edge = "[A-Za-z0-9+/_-]?";
  return [`${offset === 0 ? "" : edge}${source}${edge}={0,2}`];
}

const anyCase = (text: string) => text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
