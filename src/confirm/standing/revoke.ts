import { StewardError } from "../../shared/errors.ts";
import type { Approver } from "../approver.ts";
import { canonical } from "../canonical.ts";
import type { Core } from "../core.ts";
import type { Gate } from "../define.ts";
import { endGrant, heldGrant, heldGrants, noSuchGrant, sweepGrants } from "./ledger.ts";
import { grantView } from "./view.ts";

/** Lists standing approvals and takes them back. */
export function createRevoking(core: Core, approver: Approver): Pick<Gate, "grants" | "revoke"> {
  const reading = () => ({ store: core.store(), audit: core.audit(), now: core.now() });

  return {
    grants() {
      const { store, audit, now } = reading();
      const held = heldGrants({ store, audit, now }, approver);
      if (held.some(({ id, state }) => state === "expired" && store.grants.get(id)?.ended === null))
        core.decide("expire", null, (work) => {
          sweepGrants(work, approver);
          return null;
        });
      return held.map((one) => grantView(one, store, now)).toReversed();
    },

    revoke(grantId, by) {
      core.decide("revoke", grantId, (work) => {
        const held = heldGrant(grantId, work, approver, false);
        if (!held) return noSuchGrant();
        if (held.state !== "active" && held.state !== "not_genuine")
          return new StewardError("conflict", "This standing approval has ended already.", "There is nothing to stop.");
        if (held.terms.emergency && !by) return forAPerson();
        if (by) {
          const said = Buffer.from(
            canonical({ purpose: "home-steward revocation 1", grant_id: grantId, at: work.now }),
          );
          if (!approver.verify(said, by.signer.sign(said))) return notTheApprover();
        }
        endGrant(work, held, "revoked", { surface: by?.surface ?? "tool" });
        return null;
      });
      const on = reading();
      const held = heldGrant(grantId, on, approver, false);
      if (!held) throw noSuchGrant();
      return grantView(held, on.store, on.now);
    },
  };
}

const forAPerson = () =>
  new StewardError(
    "refused",
    "This standing approval is for emergencies: only a person ends it.",
    "That is done on the approval page or in the terminal.",
  );

const notTheApprover = () =>
  new StewardError("refused", "This is not the key of this home's approver.", "Give the passphrase again.");
