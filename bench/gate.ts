import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApprover } from "../src/confirm/approver.ts";
import type { Actions, Proposal } from "../src/confirm/define.ts";
import { createGate, type GateService } from "../src/confirm/gate.ts";
import { defaultLimits } from "../src/confirm/limits.ts";
import { systemClock } from "../src/shared/clock.ts";
import { storeAt } from "../src/store/open.ts";
import { type Figure, median } from "./measure.ts";

const passphrase = "a passphrase of the bench";

/** A plan whose one step does nothing: what is left is the gate's own work. */
const noOp: Actions<null, null> = {
  tool: "no_op",
  schemaHash: "0".repeat(64),
  steps: { nothing: { does: async () => ({}), undoes: async () => {} } },
  observe: async () => ({ state: "same" }),
  stands: async () => ({ is: "after", why: "Nothing was to be done." }),
};
const proposal: Proposal = {
  title: "Do nothing",
  risk: "reversible",
  units: [
    {
      target: { kind: "container", host: "bench", name: "nothing", identity: { id: "0" } },
      basis: { state: "same" },
      changes: ["nothing: nothing → nothing"],
      steps: [{ step: "nothing", args: {}, does: "Does nothing.", undo: "Nothing is undone." }],
    },
  ],
  warnings: [],
  undo: "There is nothing to undo.",
  blast: { containers: 1, files: 0, bytes: 0 },
};

/** A gate of its own in a temporary folder, with an approver, for as long as `use` takes. */
export async function withGate<T>(use: (gate: GateService) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "steward-gate-"));
  const store = storeAt(folder);
  try {
    await createApprover(folder, passphrase);
    const gate = createGate<null, null>({
      folder,
      store,
      clock: systemClock,
      // A bench runs more plans in a minute than a home in a year.
      limits: { ...defaultLimits, max_applies_per_hour: 100_000 },
      readOnly: false,
      actions: new Map([[noOp.tool, noOp]]),
      systems: null,
      openChanges: () => null,
      pageUrl: async () => null,
    });
    return await use(gate);
  } finally {
    store().close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a plan costs beside its own effects: made, approved (key already opened) and run, with everything on the disk. */
export async function measureGate(plans: number, gate: GateService): Promise<Figure[]> {
  const signer = await gate.unlock(passphrase, "terminal");
  const times: { propose: number; approve: number; apply: number }[] = [];
  for (let n = 0; n < plans; n++) {
    const started = performance.now();
    const { plan_id } = await gate.propose(noOp.tool, {}, proposal);
    const proposed = performance.now();
    const { token } = gate.approve(plan_id, signer, { run: false, surface: "terminal" });
    const approved = performance.now();
    const signal = AbortSignal.timeout(10_000);
    const { status, note } = await gate.apply(plan_id, { token: token ?? "", signal, progress: () => {} });
    if (status !== "done") throw new Error(`The plan that does nothing ended ${status}: ${note}`);
    times.push({
      propose: proposed - started,
      approve: approved - proposed,
      apply: performance.now() - approved,
    });
  }
  const part = (what: "propose" | "approve" | "apply") => median(times.map((one) => one[what]));
  return [
    { what: "gate per plan: propose", value: part("propose"), unit: "ms" },
    { what: "… approve (sign)", value: part("approve"), unit: "ms" },
    { what: "… apply one step that does nothing", value: part("apply"), unit: "ms" },
    { what: "… together", value: median(times.map((one) => one.propose + one.approve + one.apply)), unit: "ms" },
  ];
}
