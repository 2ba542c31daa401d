import type { Json } from "../../../src/shared/json.ts";
import type { Lab } from "./lab.ts";

/** `docker inspect` of one thing, by the CLI. */
export async function inspect(lab: Lab, what: string): Promise<Json> {
  const [only]: Json[] = JSON.parse(await lab.docker("inspect", what));
  return only ?? null;
}

/** The id of the image that the container of that name runs, and whether it runs: "sha256:… running". */
export const runs = (lab: Lab, name: string) => lab.docker("inspect", "-f", "{{.Image}} {{.State.Status}}", name);

/** The id of an image, by reference: what {@link runs} is compared with. */
export const imageId = (lab: Lab, reference: string) => lab.docker("image", "inspect", "-f", "{{.Id}}", reference);

/** The paths at which two values differ, sorted. A list is compared as a whole: its places carry no meaning. */
export function differences(before: Json | undefined, after: Json | undefined, path = ""): string[] {
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

const isFields = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
