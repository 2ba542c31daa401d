import type { Approvals, PlanView, Risk, Signer } from "../../../src/confirm/define.ts";
import type { GrantView } from "../../../src/confirm/define-standing.ts";
import type { PlanWords } from "../../../src/confirm/words.ts";
import type { Clock } from "../../../src/shared/clock.ts";
import { StewardError } from "../../../src/shared/errors.ts";

export const passphrase = "correct horse battery";

/** A small gate in memory: what the page may see and do, and what it did. */
export interface FakeApprovals extends Approvals {
  add(id: string, change?: { view?: Partial<PlanView>; words?: Partial<PlanWords> }, risk?: Risk): string;
  set(id: string, view: Partial<PlanView>): void;
  granted: GrantView[];
  signers: { locked: boolean }[];
  decisions: { id: string; what: string; typed?: string | undefined }[];
  /** No approver exists until setup ran. */
  approver: boolean;
  /** While set, every unlock is refused with it. */
  lockedFor: string | undefined;
  /** While set, every approval is refused with it. */
  broken: Error | undefined;
}

export function fakeApprovals(clock: Clock): FakeApprovals {
  const plans = new Map<string, { view: PlanView; words: PlanWords }>();
  let stopped = false;
  const iso = (ms: number) => new Date(ms).toISOString();

  const find = (id: string) => {
    const plan = plans.get(id);
    if (!plan) throw new StewardError("not_found", "There is no such plan.", "List the pending ones.");
    if (plan.view.status === "pending" && clock.now() >= Date.parse(plan.view.expires_at))
      Object.assign(plan.view, { status: "expired", note: "Its time ran out." });
    return plan;
  };
  const findPending = (id: string) => {
    const plan = find(id);
    if (plan.view.status !== "pending")
      throw new StewardError("conflict", `This plan is ${plan.view.status}.`, "Ask for a new plan.");
    return plan;
  };
  const notThePages = () => {
    throw new Error("the page has no business here");
  };

  const fake: FakeApprovals = {
    granted: [],
    signers: [],
    decisions: [],
    approver: true,
    lockedFor: undefined,
    broken: undefined,
    add(id, change = {}, risk = "disruptive") {
      const at = { created_at: iso(clock.now()), until: iso(clock.now() + 600_000) };
      plans.set(id, {
        view: { ...viewOf(id, risk, at), ...change.view },
        words: { ...wordsOf(id, risk, at), ...change.words },
      });
      return id;
    },
    set: (id, view) => void Object.assign(find(id).view, view),
    hasApprover: () => fake.approver,
    async unlock(given) {
      if (fake.lockedFor)
        throw new StewardError("refused", "Too many wrong passphrases.", `Try again in ${fake.lockedFor}.`);
      if (given !== passphrase) throw new StewardError("refused", "The passphrase is wrong.", "Try again.");
      const signer = { locked: false };
      fake.signers.push(signer);
      const sign = (bytes: Uint8Array) => {
        if (signer.locked) throw new StewardError("refused", "The key was closed.", "Give the passphrase again.");
        return bytes;
      };
      const lock = () => {
        signer.locked = true;
      };
      return { publicKey: "key", sign, lock } satisfies Signer;
    },
    get: (id) => structuredClone(find(id).view),
    words: (id) => structuredClone(find(id).words),
    pending() {
      const live = ["pending", "approved", "running"];
      return [...plans.keys()].map((id) => fake.get(id)).filter(({ status }) => live.includes(status));
    },
    approve(id, _signer, { run, typedTarget }) {
      if (fake.broken) throw fake.broken;
      const { view, words } = findPending(id);
      if (words.type_to_approve !== null && words.type_to_approve !== typedTarget)
        throw new StewardError("refused", "The name you typed is not the target's.", "Type it exactly as shown.");
      Object.assign(view, { status: "approved", expires_at: iso(clock.now() + 300_000), note: "" });
      fake.decisions.push({ id, what: run ? "approve and run" : "approve", typed: typedTarget });
      return { plan_id: id, token: run ? null : "K7QM-2XRA", expires_at: view.expires_at };
    },
    deny(id) {
      const { view } = find(id).view.status === "approved" ? find(id) : findPending(id);
      Object.assign(view, { status: "denied", note: "A person said no." });
      fake.decisions.push({ id, what: "deny" });
      return view;
    },
    stopped: () => stopped,
    setStopped(on) {
      stopped = on;
      fake.decisions.push({ id: "", what: on ? "stop" : "go on" });
    },
    propose: notThePages,
    cancel(id) {
      const { view } = find(id);
      Object.assign(view, { status: "cancelled", note: "It was withdrawn." });
      fake.decisions.push({ id, what: "cancel" });
      return view;
    },
    apply: notThePages,
    grants: () => structuredClone(fake.granted),
    revoke(id) {
      const grant = fake.granted.find(({ grant_id }) => grant_id === id);
      if (!grant) throw new StewardError("not_found", "There is no such standing approval.", "Look at the list.");
      if (grant.state !== "active")
        throw new StewardError("conflict", "It has ended already.", "Nothing is left to stop.");
      grant.state = "revoked";
      fake.decisions.push({ id, what: "revoke" });
      return grant;
    },
    whereToApprove: notThePages,
  };
  return fake;
}

interface Times {
  created_at: string;
  until: string;
}

const viewOf = (plan_id: string, risk: Risk, { created_at, until }: Times): PlanView => ({
  plan_id,
  tool: "update_container",
  status: "pending",
  title: "Update container plex on nas",
  risk,
  targets: [{ kind: "container", host: "nas", name: "plex" }],
  changes: [],
  steps: [],
  warnings: [],
  undo: "",
  created_at,
  expires_at: until,
  digest: "9f2c",
  note: "",
});

const wordsOf = (plan_id: string, risk: Risk, { created_at, until }: Times): PlanWords => ({
  plan_id,
  heading: "Update container plex on nas",
  risk,
  risk_says: "Interrupts a service while it runs.",
  parts: [
    {
      target: "container plex on nas",
      changes: [
        "image: plexinc/pms-docker:latest (sha256:5f1e0a6c…) → (sha256:c20d91b7…)",
        "everything else stays as it is: 3 mounts, 2 ports, 11 settings",
      ],
      steps: [
        { does: "Pull the new image", undo: "the old image is kept" },
        { does: "Stop plex and keep it under another name", undo: "start it again under its own name" },
        { does: "Start the new container and wait until it is healthy", undo: "remove the new container" },
      ],
      saved_first: null,
    },
  ],
  standing: [],
  warnings: ["Whoever is watching Plex now is interrupted for about a minute."],
  undo: "The old container and its image are kept and started again if the new one does not become healthy.",
  touches: "1 container",
  created_at,
  approve_by: until,
  tool: "update_container",
  digest: "9f2c7d0e4b1a86355f1e0a6c3d2b4f7a9f2c7d0e4b1a86355f1e0a6c3d2b4f7a",
  type_to_approve: risk === "destructive" ? "plex" : null,
});
