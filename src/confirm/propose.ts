import { randomBytes, randomInt } from "node:crypto";
import { StewardError } from "../shared/errors.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { cleanLine } from "../shared/text.ts";
import { canonical, isNormal, sha256 } from "./canonical.ts";
import { isStopped, lockedOut, stoppedError, type Work } from "./core.ts";
import type { Actions, Proposal, Safeguard, Target, Unit } from "./define.ts";
import { planDocument } from "./document.ts";
import type { ConfirmLimits } from "./limits.ts";
import { sweep } from "./stored.ts";

/** What a person reads of a plan, one line each. */
const MAX_LINE = 500;
/** A plan's bytes: a person's approval is no place for more. */
const MAX_DOCUMENT_BYTES = 4 * 2 ** 20;

/** What a plan is made of besides the proposal. */
export interface Origin<C, R> {
  input: Json;
  proposal: Proposal;
  actions: Actions<C, R>;
  limits: ConfirmLimits;
  /** Of a proposal that carries a standing approval: its terms. */
  grant?: JsonObject;
  /** Of a use: the plan that holds the standing approval. */
  under?: string;
}

/** A plan's bytes before they are stored. */
export interface Drafted {
  readonly id: string;
  readonly bytes: string;
  readonly digest: string;
}

/** Stores a proposal as a pending plan and answers its id, or the refusal. */
export function storeProposal<C, R>(work: Work, from: Origin<C, R>): string | StewardError {
  sweep(work);
  const refusal =
    lockedOut(work) ??
    (isStopped(work.store, work.audit) ? stoppedError() : undefined) ??
    tooManyPending(work, from.limits);
  const drafted = refusal ?? draftPlan(from, work.now);
  if (drafted instanceof StewardError) return drafted;
  keepPlan(work, from, drafted, "pending");
  return drafted.id;
}

/** The bytes of a plan that is within the caps and saves before it destroys, or the refusal. */
export function draftPlan<C, R>(from: Origin<C, R>, now: number): Drafted | StewardError {
  const refusal = overCaps(from.proposal, from.limits) ?? unsafe(from.proposal);
  if (refusal) return refusal;
  const id = newPlanId();
  const bytes = canonical(checked(draft(id, from, now)));
  if (Buffer.byteLength(bytes) > MAX_DOCUMENT_BYTES) {
    return new StewardError("bad_input", "This plan is too large to be read and approved.", "Plan less at once.");
  }
  return { id, bytes, digest: sha256(bytes) };
}

export function keepPlan<C, R>(
  { store, append, now }: Work,
  { proposal: { risk, units }, actions: { tool } }: Origin<C, R>,
  { id, bytes, digest }: Drafted,
  status: "pending" | "running",
): void {
  const { seq } = append("proposed", id, { digest, tool, risk, units: units.length });
  store.plans.add({ id, document: bytes, digest, status, created_at: now, audit_seq: seq });
}

function draft<C, R>(id: string, from: Origin<C, R>, now: number): JsonObject {
  const { input, proposal, actions, limits, grant, under } = from;
  return {
    version: 1,
    plan_id: id,
    nonce: randomBytes(16).toString("hex"),
    tool: actions.tool,
    schema_hash: actions.schemaHash,
    input,
    title: proposal.title,
    risk: proposal.risk,
    units: proposal.units.map((unit) => unitOf(unit, actions)),
    warnings: proposal.warnings.map(line),
    undo: line(proposal.undo),
    blast: proposal.blast,
    created_at: new Date(now).toISOString(),
    approve_by: new Date(now + limits.approve_within_s * 1000).toISOString(),
    apply_within_s: limits.apply_within_s,
    ...(grant && { grant }),
    ...(under !== undefined && { under }),
  };
}

function checked(plan: JsonObject): JsonObject {
  const read = planDocument.safeParse(plan);
  if (read.success) return plan;
  // The issues' paths are ours; what stands there may be from outside, so it is not repeated.
  const where = cleanLine(read.error.issues.map(({ path }) => path.join(".")).join(", "), 200);
  throw new StewardError("bad_input", `This cannot be planned: ${where} does not fit.`, "Plan it with other names.", {
    cause: read.error,
  });
}

function unitOf<C, R>(unit: Unit, actions: Actions<C, R>): JsonObject {
  for (const { step, args } of unit.steps) {
    if (!Object.hasOwn(actions.steps, step)) throw new Error(`${actions.tool} plans a step that it does not have`);
    if (!isNormal(args)) throw unusual();
  }
  if (!isNormal(unit.target.identity)) throw unusual();
  return {
    target: { ...unit.target },
    basis: unit.basis,
    changes: unit.changes.map(line),
    steps: unit.steps.map(({ step, args, does, undo }) => ({ step, args, does: line(does), undo: line(undo) })),
    ...(unit.safeguard && { safeguard: safeguardOf(unit.safeguard) }),
  };
}

const safeguardOf = (safeguard: Safeguard): JsonObject =>
  "none" in safeguard ? { none: line(safeguard.none) } : { step: safeguard.step, on: { ...safeguard.on } };

const line = (text: string) => cleanLine(text, MAX_LINE);

const newPlanId = () =>
  `p-${Array.from({ length: 10 }, () => "abcdefghjkmnpqrstwxyz23456789"[randomInt(29)]).join("")}`;

const unusual = () =>
  new StewardError(
    "bad_input",
    "This holds text in an unusual Unicode form, which a plan could not keep exactly.",
    "Change it by hand, or rename what carries it.",
  );

function tooManyPending({ store }: Work, { max_pending }: ConfirmLimits): StewardError | undefined {
  if (store.plans.withStatus("pending").length < max_pending) return undefined;
  return new StewardError(
    "refused",
    `${max_pending} plans wait for a person already.`,
    "Let them be decided or withdraw one: get_plan lists them. Several targets of one intention fit into one plan.",
  );
}

function overCaps({ blast, units }: Proposal, limits: ConfirmLimits): StewardError | undefined {
  const containers = Math.max(blast.containers, units.filter(({ target }) => target.kind === "container").length);
  const over = [
    [containers, limits.max_containers, "containers"] as const,
    [blast.files, limits.max_files, "files"] as const,
    [blast.bytes, limits.max_bytes, "bytes"] as const,
  ].find(([planned, cap]) => planned > cap);
  if (!over) return undefined;
  const [planned, cap, what] = over;
  return new StewardError(
    "refused",
    `This would touch ${planned} ${what}; the owner allows ${cap} a plan.`,
    "Plan fewer at once.",
  );
}

/** Undo first: nothing is destroyed unless something is saved elsewhere before, or there is nothing to save. */
function unsafe({ risk, units }: Proposal): StewardError | undefined {
  if (risk !== "destructive") return undefined;
  for (const { safeguard, steps } of units) {
    if (!safeguard) return unsaved("Nothing would be saved before something is destroyed.");
    if ("none" in safeguard) continue;
    if (safeguard.step >= steps.length) return unsaved("The step that saves something first is missing.");
    if (units.some(({ target }) => liesOn(safeguard.on, target)))
      return unsaved("What is saved first would lie on what is destroyed.");
  }
  return undefined;
}

const unsaved = (message: string) => new StewardError("refused", message, "Make a backup elsewhere, then plan it.");

/** By name and its segments ("tank/a" lies on "tank", and so does "tank@monday"; "tank2" does not), or by identity. */
function liesOn(place: Target, destroyed: Target): boolean {
  const same = canonical(place.identity) === canonical(destroyed.identity);
  const named = Object.keys(place.identity).length > 0 && same;
  const inside = ["", "/", "@"].some((end) =>
    end === "" ? place.name === destroyed.name : place.name.startsWith(`${destroyed.name}${end}`),
  );
  return named || (place.host === destroyed.host && inside);
}
