import { z } from "zod";
import { type GrantView, sayTarget } from "../../confirm/define-standing.ts";
import { readingTool } from "../define.ts";

const target = z.object({ kind: z.string(), host: z.string(), name: z.string() });

const automation = z.object({
  grant_id: z.string(),
  action: z.string(),
  says: z.string(),
  state: z.enum(["active", "revoked", "expired", "replaced", "not_genuine"]),
  drill: z.boolean(),
  emergency: z.boolean(),
  targets: z.array(target),
  settings: z.record(z.string(), z.json()),
  granted_at: z.string(),
  until: z.string(),
  uses_left_today: z.number(),
  max_per_day: z.number(),
  pause_s: z.number(),
  stop_after: z.number(),
  last_uses: z.array(target.extend({ at: z.string(), plan_id: z.string().nullable(), status: z.string() })),
  stopped_for: z.array(target),
});

/** What may happen by itself, what did, and what it leaves alone by its own rule. */
export const getAutomations = readingTool({
  name: "get_automations",
  title: "Look at automations",
  description:
    "What may happen by itself under standing approvals: action, targets, until when, uses left today, last uses, targets " +
    "left alone after too many tries in a row. `ended` adds those that are over.",
  toolset: "automation",
  needs: ["docker"],
  input: z.strictObject({ ended: z.boolean().optional() }),
  output: z.object({ automations: z.array(automation) }),
  read: async ({ ended }, { gate }) => ({
    automations: gate
      .grants()
      .filter(({ state }) => ended || state === "active")
      .map(shown),
  }),
  say: ({ automations }) => automations.map(said).join("\n") || "Nothing is allowed to happen by itself.",
});

const shown = ({
  limits,
  targets,
  last_uses,
  stopped_for,
  settings,
  ...grant
}: GrantView): z.input<typeof automation> => ({
  grant_id: grant.grant_id,
  action: grant.action,
  says: grant.says,
  state: grant.state,
  drill: grant.drill,
  emergency: grant.emergency,
  targets: [...targets],
  settings: z.record(z.string(), z.json()).parse(settings),
  granted_at: grant.granted_at,
  until: grant.until,
  uses_left_today: grant.uses_left_today,
  ...limits,
  last_uses: [...last_uses],
  stopped_for: [...stopped_for],
});

function said(one: z.output<typeof automation>): string {
  const { action, state, drill, targets, until, uses_left_today, max_per_day, last_uses, stopped_for } = one;
  const [last] = last_uses;
  return [
    `- ${action} (${one.grant_id}${drill ? ", drill" : ""}): ${state}, for ${targets.map(sayTarget).join(", ")}`,
    `until ${until}`,
    `${uses_left_today} of ${max_per_day} uses left today`,
    ...(last ? [`last: ${last.name} at ${last.at}, ${last.status}`] : []),
    ...(stopped_for.length > 0
      ? [`left alone after ${one.stop_after} tries in a row: ${stopped_for.map(sayTarget).join(", ")}`]
      : []),
  ].join("; ");
}
