import { clean } from "../../shared/text.ts";

/**
 * Names of variables that hold a secret. Not those of well-known programs that only begin alike: AUTHENTIK_HOST or
 * KEYCLOAK_URL would hide ordinary words wherever a log has them.
 */
export const secretName = /TOKEN|SECRET|CREDENTIAL|PASS(?!THROUGH)|KEY(?!CLOAK|BOARD)|AUTH(?!ENTIK|ELIA|OR(?!I))/i;
/** Where a secret lies is none itself. */
const placeName = /_(?:FILE|PATH|DIR)$/i;
/** In characters: a shorter value is an ordinary word or number too often. */
const shortest = 6;

/**
 * The values that a container's environment (`NAME=value`) holds under names of secrets, cleaned, longest first. One
 * of several lines counts line by line, as a log has it.
 */
export function secretValues(env: readonly string[]): string[] {
  const values = env.flatMap((entry) => {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
    return secretName.test(name) && !placeName.test(name) ? clean(value).split("\n") : [];
  });
  const known = values.map((value) => value.trim()).filter((value) => value.length >= shortest);
  return [...new Set(known)].sort((one, other) => other.length - one.length);
}
