import { z } from "zod";
import { asJsonObject, type JsonObject } from "../../shared/json.ts";

const group = z.record(z.string(), z.json()).catch({});

/** Of all that an owner answered to a chart, what every chart of the catalogue asks for. */
export function commonAnswers({ resources, run_as }: JsonObject): JsonObject {
  const { limits } = group.parse(resources);
  return asJsonObject({ ...(limits !== undefined && { resources: { limits } }), run_as });
}

/** A group of answers that is sent takes the place of the whole of it: with the others of its group. */
export const withinGroups = (said: JsonObject, now: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(said).map(([name, some]) => [name, { ...group.parse(now[name]), ...group.parse(some) }]),
  );
