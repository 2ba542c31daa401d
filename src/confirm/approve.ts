import { StewardError } from "../shared/errors.ts";
import type { PlanRow } from "../store/plans.ts";
import { type Statement, statementBytes } from "./approval.ts";
import type { Approver } from "./approver.ts";
import { canonical } from "./canonical.ts";
import { type Core, isStopped, lockedOut, stoppedError, type Work } from "./core.ts";
import type { Approvals, Approved, Signer } from "./define.ts";
import { altered, readPlan, type StoredPlan, sweep, wasProposed } from "./stored.ts";
import { newToken, tokenHash } from "./token.ts";
import { planView } from "./view.ts";

type Surface = "page" | "terminal";
/** Wrong passphrases are only forgotten after so long, or after a right one. */
const TRIES_WITHIN_MS = 15 * 60_000;

/** What a person can do at the gate, on a surface the model cannot reach. */
export type Deciding = Pick<Approvals, "unlock" | "approve" | "deny" | "setStopped">;

export function createDeciding(core: Core, approver: Approver, rowOf: (id: string) => PlanRow): Deciding {
  return {
    async unlock(passphrase, surface) {
      core.decide("unlock", null, (work) => tooManyTries(work) ?? work.append("passphrase_tried", null, { surface }));
      const signer = await approver.unlock(passphrase);
      return core.decide("unlock", null, ({ append }) => {
        if (!signer) return new StewardError("refused", "The passphrase is wrong.", "Try again.");
        append("unlocked", null, { surface });
        return signer;
      });
    },

    approve(planId, signer, { run, typedTarget, surface }) {
      return core.decide<Approved>("approve", rowOf(planId).id, (work) => {
        sweep(work);
        const waiting = readPlan(work.store.plans.get(planId), work.now);
        const refusal =
          lockedOut(work) ??
          (isStopped(work.store, work.audit) ? stoppedError() : undefined) ??
          notPending(waiting) ??
          (wasProposed(waiting, work) ? undefined : altered()) ??
          notTyped(waiting, typedTarget);
        return refusal ?? approval(work, waiting, { signer, approver, run, surface });
      });
    },

    deny(planId, signer, surface) {
      core.decide("deny", rowOf(planId).id, ({ store, append, now }) => {
        const { status } = readPlan(store.plans.get(planId), now);
        if (status !== "pending" && status !== "approved") return ended(status);
        const signature = signed(signer, approver, { purpose: "home-steward denial 1", plan_id: planId, at: now });
        store.plans.update(planId, { status: "denied" });
        append("denied", planId, { surface, signature });
        return null;
      });
      return planView(readPlan(rowOf(planId), core.now()));
    },

    setStopped(on, signer, surface) {
      core.decide("stop", null, ({ append, now }) => {
        const signature = signed(signer, approver, { purpose: "home-steward kill switch 1", on, at: now });
        append(on ? "stopped" : "resumed", null, { surface, signature });
        return null;
      });
    },
  };
}

function approval(
  { store, audit, append, now }: Work,
  plan: StoredPlan,
  by: { signer: Signer; approver: Approver; run: boolean; surface: Surface },
): Approved {
  const token = by.run ? null : newToken();
  const said: Statement = {
    purpose: "home-steward approval 1",
    plan_id: plan.id,
    digest: plan.digest,
    token_hash: token && tokenHash(audit.keys.token, plan.digest, token),
    run: by.run,
    approved_at: now,
    expires_at: now + plan.document.apply_within_s * 1000,
    surface: by.surface,
  };
  const signature = signedBytes(by.signer, by.approver, statementBytes(said));
  store.plans.update(plan.id, { status: "approved", approval: JSON.stringify({ ...said, signature }) });
  append("approved", plan.id, { digest: plan.digest, run: by.run, surface: by.surface, signature });
  return { plan_id: plan.id, token, expires_at: new Date(said.expires_at).toISOString() };
}

/** Errors: refused when the key is not the one of this home's approver. */
function signedBytes(signer: Signer, approver: Approver, bytes: Uint8Array): string {
  const signature = signer.sign(bytes);
  if (approver.verify(bytes, signature)) return Buffer.from(signature).toString("base64");
  throw new StewardError("refused", "This is not the key of this home's approver.", "Give the passphrase again.");
}

const signed = (
  signer: Signer,
  approver: Approver,
  said: { purpose: string; at: number; plan_id?: string; on?: boolean },
) => signedBytes(signer, approver, Buffer.from(canonical({ ...said })));

/** Three passphrases are free; then each wrong one doubles the wait, from 5 s to 15 min. */
function tooManyTries({ store, now }: Work): StewardError | undefined {
  const since = store.audit.lastOf("unlocked")?.seq;
  const tries = store.audit.count("passphrase_tried", now - TRIES_WITHIN_MS, since);
  const last = store.audit.lastOf("passphrase_tried");
  if (tries < 3 || !last) return undefined;
  const wait = last.at + Math.min(5_000 * 2 ** (tries - 3), TRIES_WITHIN_MS) - now;
  if (wait <= 0) return undefined;
  return new StewardError(
    "refused",
    "Too many wrong passphrases.",
    `Wait ${Math.ceil(wait / 1000)} seconds before the next try.`,
  );
}

function notPending({ status }: StoredPlan): StewardError | undefined {
  if (status === "pending") return undefined;
  if (status === "expired") {
    return new StewardError("conflict", "This plan has expired. Nothing has changed.", "It can be planned anew.");
  }
  return ended(status);
}

const ended = (status: string) =>
  new StewardError("conflict", `This plan no longer waits: it is ${status.replace("_", " ")}.`, "Look at it again.");

function notTyped({ document }: StoredPlan, typed: string | undefined): StewardError | undefined {
  const name = document.units[0]?.target.name;
  if (document.risk !== "destructive" || typed?.trim() === name) return undefined;
  return new StewardError("refused", "This plan destroys something, and its target's name was not typed.", "Type it.");
}
