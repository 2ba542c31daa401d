import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import { asJsonObject } from "../../shared/json.ts";
import { changingTool, step, type Tool } from "../define.ts";
import { hostName } from "../docker/inputs.ts";
import { proposedAnswer, sayPlan } from "../plan-answer.ts";
import { automations } from "./registry.ts";
import { proposeGrant } from "./set/propose.ts";

const planning = changingTool({
  name: "set_automation",
  title: "Allow an automation",
  description:
    "Plans a standing approval: the action may run by itself within limits. revoke (grant_id) ends one at once.",
  toolset: "automation",
  risk: "disruptive",
  needs: ["docker"],
  input: z.strictObject({
    action: z.enum(automations.map(({ name }) => name)).optional(),
    containers: z.array(z.string()).max(50).optional().describe("Names, or *"),
    host: hostName.optional(),
    days: z.int().min(1).max(90).optional(),
    max_per_day: z.int().min(1).max(100).optional(),
    drill: z.boolean().optional().describe("No effects"),
    revoke: z
      .string()
      .regex(/^p-[a-z2-9]{10}$/)
      .optional(),
  }),
  async plan({ revoke, ...wish }, context) {
    if (revoke === undefined) return proposeGrant(wish, context);
    throw new StewardError("bad_input", "What ends a standing approval needs no plan.", "Use revoke alone.");
  },
  steps: { allow: step({ args: z.object({}), does: async () => ({}), async undoes() {} }) },
  observe: async () => null,
  stands: async () => ({ is: "after", why: "The approval itself is what changes." }),
});

/** Allowing takes a person; revoking does not, for it only takes power away (docs/decisions/0013). */
export const setAutomation: Tool = {
  ...planning,
  async call(args, context) {
    const { revoke, ...more } = z.looseObject({ revoke: z.string().optional() }).parse(args);
    if (revoke === undefined || Object.keys(more).length > 0) return planning.call(args, context);
    planning.input.parse(args);
    const { state } = context.gate.revoke(revoke);
    const plan = { ...context.gate.get(revoke), note: `This standing approval has ended: ${state}.` };
    const answer = proposedAnswer.parse(plan);
    return { structured: asJsonObject(answer), text: sayPlan(answer) };
  },
};
