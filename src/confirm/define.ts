import type { Json, JsonObject } from "../shared/json.ts";
import type { Grant, GrantView } from "./define-standing.ts";
import type { PlanWords } from "./words.ts";

/** What a plan can cost when it goes wrong, and so what its approval asks for (docs/safety.md). */
export type Risk = "reversible" | "disruptive" | "destructive";

/** One thing a plan touches, and how to know it again: a container id and image digest, a pool guid, a host key. */
export interface Target {
  /** e.g. "container" */
  kind: string;
  host: string;
  /** A name that passed a schema: it is shown in the approval's heading and typed by the person for destructive plans. */
  name: string;
  identity: JsonObject;
}

/** One effect of a plan, as stored: which step of the tool runs, with which arguments, and both directions in plain words. */
interface StepSpec {
  step: string;
  args: JsonObject;
  does: string;
  undo: string;
}

/** All that happens to one target. Units run in order; one that fails is undone by itself and the later ones are not started. */
export interface Unit {
  target: Target;
  /** What the plan was based on, read again right before the first effect: any difference makes the plan stale. */
  basis: Json;
  /** Plain words, shown to the person: "image: plex:1.40 (sha256:ab…) → (sha256:cd…)". */
  changes: readonly string[];
  steps: readonly StepSpec[];
  /** Of a destructive plan: what is saved before anything is destroyed. */
  safeguard?: Safeguard | undefined;
}

/**
 * Undo first: the step (by its place) that makes and verifies a backup, and what that backup lies on, which may not be
 * what the plan destroys; or, where there is nothing to save (a power-off), why not.
 */
export type Safeguard = { step: number; on: Target } | { none: string };

/** What a changing tool's `plan` hands to the gate. */
export interface Proposal {
  /** Our words and schema-checked names only: "Update container plex on nas". */
  title: string;
  risk: Risk;
  units: readonly Unit[];
  warnings: readonly string[];
  /** How it is undone, in plain words. */
  undo: string;
  /** How much it touches, held against the owner's caps. `bytes` is a whole number. */
  blast: { containers: number; files: number; bytes: number };
  /** A standing approval that holds once the plan is done. */
  grant?: Grant;
}

/** Where the target stands, by reading only: as the plan wants it, as it was before, or neither. */
export interface Standing {
  is: "after" | "before" | "neither";
  /** The evidence, in plain words: "running image id sha256:ab… equals the saved one". */
  why: string;
}

/**
 * Proof that a person approved exactly this plan and that its token was consumed. Only the gate can make one
 * (src/confirm/authorised.ts checks membership at run time); changing systems are opened with it and with nothing else.
 */
export interface Authorised {
  readonly planId: string;
  readonly digest: string;
}

/** What a step gets while it runs. `C` is the changing systems, `R` the reading ones. */
export interface StepRun<C, R> {
  readonly authorised: Authorised;
  readonly changes: C;
  readonly systems: R;
  readonly signal: AbortSignal;
  /** A line for the person who waits, our own words. */
  say(message: string): void;
}

/**
 * One effect and its way back. The journal writes the intent before `does` and the outcome after it.
 * `undoes` must bring the target back whether `does` never ran, half ran or ran (then `outcome` is what it returned),
 * and must be safe to run twice. It is not run where `does` threw `Untouched`: what stands there is somebody else's.
 */
export interface Step<C, R> {
  does(args: JsonObject, run: StepRun<C, R>): Promise<JsonObject>;
  undoes(args: JsonObject, outcome: JsonObject | undefined, run: StepRun<C, R>): Promise<void>;
}

/** What the gate needs of a changing tool to run its plans. Effects are handed to it; it knows no system. */
export interface Actions<C, R> {
  readonly tool: string;
  /** SHA-256 of the tool's input schema: a plan made under another schema does not run. */
  readonly schemaHash: string;
  readonly steps: Readonly<Record<string, Step<C, R>>>;
  /** Reads the unit's basis afresh. */
  observe(unit: Unit, systems: R): Promise<Json>;
  /** Tells by reading where the unit's target stands: the proof after a run, after an undo, and after a crash. */
  stands(unit: Unit, systems: R): Promise<Standing>;
}

/** Where a plan stands. */
export const planStatuses = [
  "pending", // waits for a person
  "approved", // token issued, or "approve and run"
  "running",
  "done",
  "rolled_back", // failed, and proven to be as it was
  "failed", // failed, and what is left is said
  "unknown", // it cannot be told: look
  "denied",
  "cancelled",
  "expired",
  "stale", // the state changed since the plan was made
  "void", // three wrong tokens
] as const;
export type PlanStatus = (typeof planStatuses)[number];

/** How one unit ended. */
export interface UnitResult {
  target: { kind: string; host: string; name: string };
  outcome: "done" | "rolled_back" | "failed" | "unknown" | "not_started";
  why: string;
}

/** A plan as anybody may see it: no token, no signature. Times are ISO 8601. */
export interface PlanView {
  plan_id: string;
  tool: string;
  status: PlanStatus;
  title: string;
  risk: Risk;
  targets: { kind: string; host: string; name: string }[];
  changes: string[];
  steps: string[];
  warnings: string[];
  undo: string;
  created_at: string;
  /** When it has to be approved, or once approved, applied. */
  expires_at: string;
  digest: string;
  /** While it runs: which step of how many, and what it says. */
  progress?: { done: number; total: number; message: string };
  results?: UnitResult[];
  /** What the person or the model should know or do now. */
  note: string;
}

/** What a changing tool's file says: reading and planning only. */
export interface ApplyOptions {
  token?: string;
  /** Wait so long for a person to press "approve and run" (0–50 s). */
  waitSeconds?: number;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
}

/** The gate as tools see it. Approving is not here: that belongs to the surfaces the model cannot reach. */
export interface Gate {
  /** Stores a proposal as a pending plan. Errors: refused (no approver, too many pending, locked, caps, read-only). */
  propose(tool: string, input: Json, proposal: Proposal): Promise<PlanView>;
  get(planId: string): PlanView;
  pending(): PlanView[];
  cancel(planId: string): PlanView;
  apply(planId: string, options: ApplyOptions): Promise<PlanView>;
  /** All standing approvals, ended ones too; the newest first. */
  grants(): GrantView[];
  /**
   * Ends a standing approval at once: it only takes power away, so it needs no approval. One for emergencies is ended
   * by a person only. Errors: not_found, conflict (it has ended), refused.
   */
  revoke(grantId: string, by?: { signer: Signer; surface: "page" | "terminal" }): GrantView;
  /** Where a person approves: the page's address (starts the page if nobody serves it) and the terminal's command. */
  whereToApprove(planId: string): Promise<{ url: string | null; command: string }>;
}

/** The approver's opened key: it can sign, it can't be read. Dropped by `lock` and by itself after ten idle minutes. */
export interface Signer {
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
  lock(): void;
}

/** What a person gets for an approval: the code to say to Claude, or null when they pressed "approve and run". */
export interface Approved {
  plan_id: string;
  token: string | null;
  expires_at: string;
}

/** The gate as the surfaces of a person see it (page, terminal). Tools never get this. */
export interface Approvals extends Gate {
  hasApprover(): boolean;
  /** The plan in words, from the stored bytes: what a person reads before they approve. Errors: not_found, refused (altered). */
  words(planId: string): PlanWords;
  /** Errors: refused (no approver, wrong passphrase, locked for a while after several wrong ones). */
  unlock(passphrase: string, surface: "page" | "terminal"): Promise<Signer>;
  /**
   * Signs the stored bytes. `typedTarget` is what the person typed for a destructive plan: the first target's name.
   * `run` lets a waiting `apply_plan` go on without the code. Errors: refused (says why), conflict (no longer pending).
   */
  approve(
    planId: string,
    signer: Signer,
    options: { run: boolean; typedTarget?: string; surface: "page" | "terminal" },
  ): Approved;
  deny(planId: string, signer: Signer, surface: "page" | "terminal"): PlanView;
  /** The kill switch: while it is on nothing starts, and what runs stops before its next step. */
  stopped(): boolean;
  setStopped(on: boolean, signer: Signer, surface: "page" | "terminal"): void;
}
