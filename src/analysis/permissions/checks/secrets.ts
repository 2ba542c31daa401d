import { hideSecrets } from "../../security/hide-secrets.ts";
import { secretName } from "../../security/secret-values.ts";
import type { Check, Found, Subject } from "../finding.ts";
import { listed } from "../listed.ts";

/** Names that speak of a secret without holding one: where it lies, how long it lives, how it is made, its public half. */
const harmlessName =
  /(_|^)(FILE|PATH|DIR|URL|URI|HOST|PORT|NAME|USER|USERNAME|ENABLED?|DISABLED?|EXPIR\w*|TTL|TIMEOUT|LIFETIME|AGE|LENGTH|SIZE|TYPE|METHOD|MODE|ALGO\w*|PROVIDER|ISSUER|REALM|HEADER|PREFIX|REQUIRED?|COUNT|MIN|MAX|VERSION)$|^FILE__|PUBLIC|FINGERPRINT|GPG_KEYS?$|(SHA\d*|MD5|CHECKSUM|DIGEST|COMMIT|REVISION|HASH)(_|$)/i;
/** No secret by what it is: a switch, a number, a duration, a path, an address without a password, a placeholder. */
const harmlessValue =
  /^(|true|false|yes|no|on|off|none|null|auto|default|basic|bearer|\d{1,5}|\d+[smhd]|\/\S*|https?:\/\/[^@\s]*|file:\/\/\/\S*|\$\{?\w+\}?)$/i;
const passwordHash = /\$(apr1|2[aby]|5|6|argon2id?|y)\$/;

/** Bits per character: English words in a row stay under 3.6, random base64 of 32 characters and more is above 4.2. */
const randomBits = { hex: 3, text: 4.2 };

/** Secrets that lie where they can be read by whoever may inspect a container or an image. Names only, never a value. */
export const secrets: Check = ({ container, image }) => {
  const own = secretVariables({ container, image });
  const found: Found[] = [];
  if (own.length > 0)
    found.push({
      check: "env_secret",
      severity: "warning",
      evidence: `in its environment: ${listed(own.map(shownName))}`,
    });

  const labels = image?.Config?.Labels ?? {};
  const inImage = [
    ...(image?.Config?.Env ?? [])
      .map(parted)
      .filter(isSecret)
      .map(({ name }) => shownName(name)),
    ...Object.entries(labels)
      .filter(isSecretLabel)
      .map(([key]) => `label ${key}`),
  ];
  if (inImage.length > 0)
    found.push({ check: "image_secret", severity: "critical", evidence: `in its image: ${listed(inImage)}` });
  const labelled = Object.entries(container.Config.Labels ?? {})
    .filter((label) => labels[label[0]] !== label[1] && isSecretLabel(label))
    .map(([key]) => key);
  if (labelled.length > 0)
    found.push({ check: "label_secret", severity: "warning", evidence: `in its labels: ${listed(labelled)}` });
  return found;
};

/** Names of the variables that hold a secret and were given to the container, not to its image. */
export function secretVariables({ container, image }: Pick<Subject, "container" | "image">): string[] {
  const baked = new Set(image?.Config?.Env ?? []);
  const entries = (container.Config.Env ?? []).map(parted);
  return entries.filter(({ text, ...entry }) => !baked.has(text) && isSecret(entry)).map(({ name }) => name);
}

function parted(text: string): { text: string; name: string; value: string } {
  const at = text.indexOf("=");
  return at < 0 ? { text, name: text, value: "" } : { text, name: text.slice(0, at), value: text.slice(at + 1).trim() };
}

/** What is no ordinary name of a variable may be a value that stands in the wrong place. */
export const shownName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_.-]{0,79}$/.test(name) ? name : "one without a proper name";

function isSecret({ name, value }: { name: string; value: string }): boolean {
  if (harmlessValue.test(value)) return false;
  // Known forms show themselves, whatever they are called.
  if (hideSecrets(value).includes("[hidden]") || passwordHash.test(value)) return true;
  if (harmlessName.test(name)) return false;
  return secretName.test(name) || isRandom(value);
}

function isSecretLabel([key, value]: readonly [string, string]): boolean {
  if (harmlessValue.test(value)) return false;
  if (passwordHash.test(value) || hideSecrets(value).includes("[hidden]")) return true;
  return /(password|passwd|secret|token|api[._-]?key)$/i.test(key) && !harmlessName.test(key);
}

/** One long word without a structure: keys and tokens. Hashes are told apart by their names. */
function isRandom(value: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(value)) return bitsPerCharacter(value) > randomBits.hex;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  return /^[\w+/=~-]{32,}$/.test(value) && mixed && bitsPerCharacter(value) > randomBits.text;
}

/** Shannon's entropy over its characters. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
