import { StewardError } from "../../shared/errors.ts";

const containerName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const imageName = /^[a-zA-Z0-9][\w.:@/-]{0,510}$/;

/** A container's or network's name or id as a path segment. Errors: bad_input. */
export function safeName(name: string): string {
  if (containerName.test(name)) return name;
  throw new StewardError("bad_input", "That is no name Docker could have given.", "Use a name or id from the list.");
}

/** An image's reference or id as a part of a path; its slashes stay. Errors: bad_input. */
export function safeImage(reference: string): string {
  if (imageName.test(reference) && !/\/\/|\.\.|\/$/.test(reference)) return reference;
  throw new StewardError("bad_input", "That is no image reference.", "Write it like registry/name:tag.");
}

/** With `:latest` where neither tag nor digest is said: a pull without a tag would fetch every tag there is. */
export function tagged(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}
