import { literal } from "../../shared/literal.ts";
import { clean } from "../../shared/text.ts";

const hidden = "[hidden]";
const keyWords =
  "pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret|auth[_-]?key|credential";

/** What secrets look like by themselves, wherever they stand. Each has a fixed head and one bounded run: no backtracking. */
const shapes: readonly RegExp[] = [
  /\beyJ[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{0,4096}/g, // JSON web tokens
  /\b(?:gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{20,255}|npm_\w{30,255})/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bxox[abeoprs]-[\w-]{10,255}/g,
  /\bsk-[\w-]{20,255}/g,
  /\bAIza[\w-]{35}/g,
  /\b\d{8,10}:AA[\w-]{33}/g, // Telegram bots
];

/** What is a secret by where it stands: the part in front stays, so that a person sees what was hidden. */
const places: readonly RegExp[] = [
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)/gi, // scheme://user:password@
  /(\/api\/webhooks\/\d{5,25}\/)[\w-]{20,200}/gi,
  /(\b(?:bearer|basic)\s{1,4})[\w+/=.~-]{8,4096}/gi,
  new RegExp(`((?:${keyWords})["']?\\s{0,4}[=:]\\s{0,4}["']?)(?!\\[hidden\\])[^\\s"'&,;]{3,4096}`, "gi"),
];

/** Cleans a text and hides well-known forms of secrets in it: tokens, keys, passwords in addresses and assignments. */
export function hideSecrets(text: string): string {
  return hideIn(clean(text));
}

function hideIn(cleaned: string): string {
  const plain = shapes.reduce((so, shape) => so.replace(shape, hidden), cleaned);
  return places.reduce((so, place) => so.replace(place, `$1${hidden}`), plain);
}

/**
 * The same for lines that belong together: a private key in PEM is hidden from its first line to its last.
 * `known` are values to hide wherever they stand, cleaned, longest first.
 */
export function hideSecretsInLines(lines: readonly string[], known: readonly string[] = []): string[] {
  // All in one pass: a value that is part of the mark must not be looked for in marks already set.
  const values = known.length === 0 ? null : new RegExp(known.map(literal).join("|"), "g");
  const withoutKnown = (text: string) => (values === null ? text : text.replace(values, hidden));
  let inKey = false;
  return lines.map((line) => {
    const begins = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/.test(line);
    const ends = line.includes("-----END ");
    const within = inKey || begins;
    inKey = within && !ends;
    return within ? hidden : hideIn(withoutKnown(clean(line)));
  });
}
