import { expect, it } from "vitest";
import type { PlanView } from "../../src/confirm/define.ts";
import { watchPlans } from "../../src/mcp/plan-watch.ts";
import { StewardError } from "../../src/shared/errors.ts";

const view: PlanView = {
  plan_id: "p-1",
  tool: "update_container",
  status: "pending",
  title: "",
  risk: "reversible",
  targets: [],
  changes: [],
  steps: [],
  warnings: [],
  undo: "",
  created_at: "",
  expires_at: "",
  digest: "",
  note: "",
};

/** A store that another process writes, and a clock whose seconds pass when the test says so. */
function setting() {
  let now: Partial<PlanView> | null = {};
  let looked = 0;
  let pass = () => {};
  const gate = {
    pending(): PlanView[] {
      looked++;
      if (now === null) throw new StewardError("refused", "The store is locked.", "Wait.");
      return ["pending", "approved", "running", undefined].includes(now.status) ? [{ ...view, ...now }] : [];
    },
    get: (): PlanView => ({ ...view, ...now }),
  };
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        pass = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
  return {
    watch: watchPlans(clock),
    gate,
    looked: () => looked,
    set(then: Partial<PlanView> | null) {
      now = then;
    },
    async second(then: Partial<PlanView> | null) {
      now = then;
      pass();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it("tells of every change of a plan once, whoever made it", async () => {
  const { watch, gate, second } = setting();
  const told: string[] = [];
  const stop = watch.onChange((uri) => told.push(uri));
  watch.wake(gate);
  await second({});
  expect(told).toEqual([]);
  await second({ status: "approved" });
  await second({ status: "approved" });
  expect(told).toEqual(["plan://p-1"]);
  await second({ status: "running", progress: { done: 1, total: 3, message: "pulls" } });
  await second({ status: "running", progress: { done: 2, total: 3, message: "pulls" } });
  await second(null);
  await second({ status: "done" });
  expect(told.length).toBe(4);
  await second({ status: "done" });
  expect(told.length).toBe(4);
  stop();
});

it("tells of a plan that was made and ended here between two looks", async () => {
  const { watch, gate, set, second } = setting();
  const told: string[] = [];
  const stop = watch.onChange((uri) => told.push(uri));
  set({ status: "done" });
  watch.wake(gate);
  // Made: the gate was used before, and is used again to cancel it.
  set({ status: "pending" });
  watch.wake(gate);
  await second({ status: "cancelled" });
  expect(told).toEqual(["plan://p-1"]);
  stop();
});

it("looks at nothing before the gate is used, and after the last listener left", async () => {
  const { watch, gate, second, looked } = setting();
  const stop = watch.onChange(() => {});
  await second({});
  expect(looked()).toBe(0);
  watch.wake(gate);
  await second({});
  const before = looked();
  expect(before).toBeGreaterThan(0);
  stop();
  await second({});
  expect(looked()).toBe(before);
});
