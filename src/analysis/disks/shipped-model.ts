import json from "./model.json" with { type: "json" };
import { diskModel } from "./model.ts";

/** The model this version ships with. */
export const shippedModel = diskModel.parse(json);
