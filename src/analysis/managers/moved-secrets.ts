import { isDeepStrictEqual } from "node:util";
import { type Document, parseDocument } from "yaml";
import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { ServiceSecret } from "./edit-compose.ts";

const service = z.looseObject({
  environment: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  env_file: z.never().optional(),
  extends: z.never().optional(),
});
const project = z.looseObject({ services: z.record(z.string(), z.unknown()) });

/**
 * Proves of a changed compose file, as compose reads it with its anchors merged, that the variables are gone and that no
 * other service is another one than before.
 *
 * @throws unsupported (a value stands elsewhere, or is shared)
 */
export function assertMoved(before: Document, after: Document, name: string, secrets: readonly ServiceSecret[]): void {
  const { [name]: was, ...othersBefore } = servicesOf(before);
  const { [name]: is, ...othersAfter } = servicesOf(after);
  if (!isDeepStrictEqual(othersBefore, othersAfter))
    throw new StewardError(
      "unsupported",
      "Another service of this file shares these variables.",
      "Write them out in each service first.",
    );
  const [had, has] = [service.safeParse(was), service.safeParse(is)];
  const moved = (secret: ServiceSecret) =>
    had.success &&
    has.success &&
    variables(had.data.environment).has(secret.variable) &&
    (secret.reads === secret.variable || !variables(has.data.environment).has(secret.variable));
  if (!secrets.every(moved))
    throw new StewardError(
      "unsupported",
      "A secret's value comes from an env_file, an anchor or another service, not from the service's own environment.",
      "Write it there first, or move it by hand.",
    );
}

/** What a compose file says of a service's variable, not filled in; null where it only hands it through. */
export function saidOf(text: string, name: string, variable: string): string | null {
  const { environment } = service.parse(servicesOf(parseDocument(text))[name]);
  const said = Array.isArray(environment)
    ? environment.find((entry) => entry.startsWith(`${variable}=`))?.slice(variable.length + 1)
    : environment?.[variable];
  return said === undefined || said === null ? null : String(said);
}

function servicesOf(document: Document): Record<string, unknown> {
  try {
    return project.parse(parseDocument(document.toString(), { merge: true }).toJS()).services;
  } catch (error) {
    throw new StewardError("unsupported", "Anchors of this file would be lost.", "Change it by hand.", {
      cause: error,
    });
  }
}

const variables = (environment: z.output<typeof service>["environment"]): Set<string> =>
  new Set(
    Array.isArray(environment)
      ? environment.map((entry) => entry.split("=", 1)[0] ?? "")
      : Object.keys(environment ?? {}),
  );
