import { asJsonObject } from "../shared/json.ts";
import { inItsWords } from "../tools/gate/read-plan.ts";
import type { Resource } from "./define.ts";

/** One plan of the gate; the pending ones are listed. */
export const planResource: Resource = {
  name: "plan",
  title: "A plan",
  description: "A planned change and how it stands: waiting for approval, running, done, rolled back, failed, unknown.",
  template: "plan://{plan_id}",
  needs: [],
  async list({ gate }) {
    return gate.pending().map(({ plan_id, title }) => ({ uri: `plan://${plan_id}`, name: title }));
  },
  complete: {
    async plan_id(typed, _given, { gate }) {
      return gate.pending().flatMap(({ plan_id }) => (plan_id.startsWith(typed) ? [plan_id] : []));
    },
  },
  async read({ plan_id = "" }, { gate }) {
    return asJsonObject(inItsWords(gate.get(plan_id)));
  },
};
