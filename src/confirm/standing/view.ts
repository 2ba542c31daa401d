import type { Store } from "../../store/open.ts";
import type { GrantView } from "../define-standing.ts";
import { readPlanIfWhole } from "../stored.ts";
import type { Held } from "./ledger.ts";
import { leftToday, stoppedTargets } from "./rules.ts";

/** Of each grant that many uses are shown. */
const SHOWN = 10;

/** A grant as anybody may see it. */
export function grantView({ id, terms, state, grantedAt, uses }: Held, store: Store, now: number): GrantView {
  const { schema_hash: _, ...grant } = terms;
  const statusOf = (planId: string) => {
    const row = store.plans.get(planId);
    return (row && readPlanIfWhole(row, now)?.status) ?? "unknown";
  };
  return {
    ...grant,
    grant_id: id,
    state,
    granted_at: new Date(grantedAt).toISOString(),
    uses_left_today: leftToday(terms.limits, uses, now),
    last_uses: uses
      .slice(-SHOWN)
      .toReversed()
      .map(({ kind, host, name, at, planId }) => ({
        kind,
        host,
        name,
        at: new Date(at).toISOString(),
        plan_id: planId,
        status: planId === null ? "drilled" : statusOf(planId),
      })),
    stopped_for: stoppedTargets(terms.limits, uses),
  };
}
