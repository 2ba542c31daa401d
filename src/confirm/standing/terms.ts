import { StewardError } from "../../shared/errors.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import { canonical } from "../canonical.ts";
import type { Actions, Proposal, Risk } from "../define.ts";
import { covers, type Grant, type GrantTarget } from "../define-standing.ts";
import type { GrantTerms } from "../document.ts";
import type { ConfirmLimits } from "../limits.ts";

const DAY_MS = 86_400_000;
const weight: Readonly<Record<Risk, number>> = { reversible: 0, disruptive: 1, destructive: 2 };

/** Which tool's plans the gate can run. */
type Known = ReadonlyMap<string, Pick<Actions<never, never>, "schemaHash" | "steps">>;

/**
 * A proposed grant as it enters the plan's bytes, bound to the tool as it is now. The refusal where it would last too
 * long or for a tool that is not here; what does not fit otherwise the document's own schema refuses.
 */
export function termsFor(grant: Grant, known: Known, limits: ConfirmLimits, now: number): JsonObject | StewardError {
  const actions = known.get(grant.tool);
  if (!actions || !grant.steps.every((step) => Object.hasOwn(actions.steps, step)))
    throw new Error(`The gate was not told how ${grant.tool} runs its plans`);
  const until = Date.parse(grant.until);
  if (!(until > now)) return new StewardError("bad_input", "This would end before it began.", "Plan it for longer.");
  if (until - now > limits.max_grant_days * DAY_MS) {
    return new StewardError(
      "refused",
      `The owner lets a standing approval hold for ${limits.max_grant_days} days at the most.`,
      "Plan it for a shorter time.",
    );
  }
  const { targets, limits: often, ...rest } = grant;
  return {
    ...rest,
    schema_hash: actions.schemaHash,
    targets: targets.map(({ kind, host, name }) => ({ kind, host, name })),
    limits: { ...often },
  };
}

/** A use that is asked for: what its tool was asked, and what it plans. */
export interface Asked {
  input: Json;
  proposal: Proposal;
  tool: string;
  schemaHash: string;
}

/**
 * Compares a concrete plan with what was granted, and answers its one target. Everything that is not granted word by
 * word is refused: a plan may only do less.
 */
export function coveredTarget(
  terms: GrantTerms,
  { input, proposal, tool, schemaHash }: Asked,
): GrantTarget | StewardError {
  const [unit, second] = proposal.units;
  if (!unit || second) return uncovered("touches more than one target");
  const { kind, host, name } = unit.target;
  if (tool !== terms.tool || schemaHash !== terms.schema_hash)
    return uncovered("is of another tool, or of another version of it");
  if (proposal.grant) return uncovered("would grant something itself");
  if (weight[proposal.risk] > weight[terms.risk]) return uncovered("risks more than was granted");
  if (!terms.targets.some((target) => covers(target, { kind, host, name }))) return uncovered("has another target");
  if (!unit.steps.every(({ step }) => terms.steps.includes(step))) return uncovered("has other steps");
  const said = isObject(input) ? input : {};
  const changed = Object.entries(terms.settings).some(
    ([key, value]) => !Object.hasOwn(said, key) || canonical(said[key] ?? null) !== canonical(value),
  );
  return changed ? uncovered("has other settings") : { kind, host, name };
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const uncovered = (how: string) =>
  new StewardError(
    "refused",
    `This plan ${how}; the standing approval does not allow that.`,
    "A person decides about it like about any other plan.",
  );
