import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import { asJsonObject, type JsonObject } from "../../shared/json.ts";
import { readYaml, writeYaml } from "../../shared/yaml.ts";
import type { Project } from "../../systems/managers/port.ts";
import type { ServiceEdit } from "./edit-compose.ts";
import { editServices, type Redefine } from "./plan-definition.ts";

const limits = z.looseObject({ cpus: z.int(), memory: z.int() });
const run_as = z.looseObject({ user: z.int(), group: z.int() });
const answers = z.looseObject({
  resources: z.looseObject({ limits: limits.optional() }).optional(),
  run_as: run_as.optional(),
});
type Answers = z.infer<typeof answers>;

/** How an app of TrueNAS is changed: its owner's compose file, or the answers to its chart. */
export const editApp = ({ from_chart }: Pick<Project, "from_chart">): Redefine =>
  from_chart === true ? editAnswers : (text, wanted) => writeYaml(readYaml(editServices(text, wanted)));

/** The answers hold for all of an app's containers alike. */
const editAnswers: Redefine = (text, wanted) => {
  const now = readYaml(text);
  const [first = text, ...others] = wanted.map(({ edit }) => writeYaml(answered(now, edit)));
  if (others.every((one) => one === first)) return first;
  throw unasked("one container otherwise than another");
};

function answered(now: JsonObject, { limits: wish, user, environment = {}, ...more }: ServiceEdit): JsonObject {
  const read = answers.safeParse(now);
  if (!read.success) throw unasked("limits and a user in the usual way");
  const [other] = Object.keys(more);
  if (other !== undefined) throw unasked(other);
  const { PUID, PGID, ...variables } = environment;
  if (Object.keys(variables).length > 0) throw unasked("other variables");
  const ids = user ?? (PUID === undefined ? null : `${PUID}:${PGID}`);
  return asJsonObject({
    ...now,
    ...(wish === undefined ? {} : { resources: limited(read.data, wish) }),
    ...(ids === null ? {} : { run_as: become(read.data, ids) }),
  });
}

/** Charts count whole processors, and memory in MiB. */
function limited({ resources }: Answers, { cpus, memory_bytes }: NonNullable<ServiceEdit["limits"]>) {
  if (resources?.limits === undefined) throw unasked("limits");
  if (cpus !== undefined && !Number.isInteger(cpus)) throw unasked("parts of a processor");
  const memory = memory_bytes === undefined ? {} : { memory: Math.floor(memory_bytes / 2 ** 20) };
  return { ...resources, limits: { ...resources.limits, ...(cpus === undefined ? {} : { cpus }), ...memory } };
}

function become({ run_as: as }: Answers, ids: string) {
  if (as === undefined) throw unasked("a user");
  const [user, group] = ids.split(":").map(Number);
  return { ...as, user, group };
}

// What is written elsewhere would be gone with the next thing that TrueNAS does to the app.
const unasked = (what: string) =>
  new StewardError("unsupported", `The chart that it is made from does not ask for ${what}.`, "Leave that part out.");
