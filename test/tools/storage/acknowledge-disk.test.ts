import { afterEach, beforeEach, expect, it } from "vitest";
import type { DiskBaseline } from "../../../src/analysis/disks/recorded.ts";
import type { Proposal, StepRun, Unit } from "../../../src/confirm/define.ts";
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Changes, Systems, ToolContext } from "../../../src/tools/define.ts";
import { acknowledgeDisk } from "../../../src/tools/storage/acknowledge-disk.ts";
import { predictDiskFailure } from "../../../src/tools/storage/predict-disk-failure.ts";
import { noChanges } from "../../support/no-systems.ts";
import { noGate } from "../support/house.ts";
import { days, disk, diskContext, now, smartOf, told } from "./disk-house.ts";

const old = { 5: 640, 187: 12, 197: 24, 198: 24 };
const accepted: DiskBaseline = {
  at: now,
  reallocated: 640,
  uncorrectable: 12,
  command_timeouts: null,
  unreadable: 24,
  link_errors: 2,
};

let note: DiskBaseline | null;
let noted: object[];
beforeEach(() => {
  note = null;
  noted = [];
});
const memory = { days: () => days({ ago: 20 }), baseline: () => note };
const changes: Changes = {
  ...noChanges,
  diskNotes: {
    setBaseline(key, baseline) {
      noted.push(key);
      note = baseline;
    },
  },
};
const home = (answer: JsonObject = told("Z-sda", old)): ToolContext =>
  diskContext(smartOf([disk("sda")], { sda: answer }), memory);

/** What the tool proposes to the gate. */
async function proposed(args: object, context = home()): Promise<Proposal & { unit: Unit }> {
  const caught: Proposal[] = [];
  const gate = {
    ...noGate,
    propose: async (_tool: string, _input: JsonObject, proposal: Proposal): Promise<never> => {
      caught.push(proposal);
      throw new Error("that is all");
    },
  };
  await expect(acknowledgeDisk.call(args, { ...context, gate })).rejects.toThrow("that is all");
  const [proposal] = caught;
  const [unit] = proposal?.units ?? [];
  if (!proposal || !unit) throw new Error("nothing was proposed");
  return { ...proposal, unit };
}
const actions = acknowledgeDisk.actions;
const run: StepRun<Changes, Systems> = {
  authorised: { planId: "p", digest: "d" },
  changes,
  systems: home().systems,
  signal: new AbortController().signal,
  say: () => {},
};
const stepOf = ({ steps: [first] }: Unit) => {
  const step = actions?.steps[first?.step ?? ""];
  if (!first || !step) throw new Error("no such step");
  return { ...step, args: first.args };
};
afterEach(() =>
  expect(noted.every((key) => JSON.stringify(key) === '{"model":"ST4000VN008","serial":"Z-sda"}')).toBe(true),
);

it("is a planning tool: what silences a disk needs its owner", () => {
  expect([acknowledgeDisk.kind, acknowledgeDisk.risk]).toEqual(["planning", "reversible"]);
});

it("shows a person the counts that will be kept quiet about, and what is not silenced", async () => {
  const { unit, ...proposal } = await proposed(
    { disk: "sda" },
    home(told("Z-sda", old, { smart_status: { passed: false } })),
  );
  expect(proposal).toMatchObject({
    title: "Acknowledge disk sda on nas",
    risk: "reversible",
    warnings: ["It only keeps quiet: the risk stays what it is.", "Not silenced by it: SMART status: failed."],
    blast: { containers: 0, files: 0, bytes: 0 },
  });
  expect(unit).toMatchObject({
    target: { kind: "disk", host: "nas", name: "sda", identity: { model: "ST4000VN008", serial: "Z-sda" } },
    changes: [
      "accepted from now on: reallocated 640, uncorrectable 12, timeouts not told, unreadable 24, link errors 2",
    ],
    steps: [{ step: "note", args: { accept: accepted, before: null } }],
  });
});

it("keeps the disk quiet once done, speaks again when undone, and proves both by reading", async () => {
  const { unit } = await proposed({ disk: "sda" });
  const step = stepOf(unit);
  const tier = async () => (await predictDiskFailure.call({ disk: "sda" }, home())).structured.tier;
  expect([await tier(), (await actions?.stands(unit, home().systems))?.is]).toEqual(["urgent", "before"]);
  await step.does(step.args, run);
  expect(note).toEqual(accepted);
  expect([await tier(), (await actions?.stands(unit, home().systems))?.is]).toEqual(["ok", "after"]);
  await step.undoes(step.args, {}, run);
  expect([await tier(), note]).toEqual(["urgent", null]);
});

it("rests on the counts the person saw: another count, or another disk, is a new plan", async () => {
  const { unit } = await proposed({ disk: "sda" });
  const observed = (answer: JsonObject) => actions?.observe(unit, home(answer).systems);
  expect(await observed(told("Z-sda", old))).toEqual(unit.basis);
  expect(await observed(told("Z-sda", { ...old, 5: 641 }))).not.toEqual(unit.basis);
  expect(await observed(told("Z-other", old))).not.toEqual(unit.basis);
});

it("withdraws, and refuses what is pointless", async () => {
  await expect(acknowledgeDisk.call({ disk: "sda", withdraw: true }, home())).rejects.toMatchObject({
    code: "nothing_to_do",
  });
  await expect(acknowledgeDisk.call({ disk: "sda" }, home(told("Z-sda")))).rejects.toMatchObject({
    code: "nothing_to_do",
  });
  note = accepted;
  const { unit, title } = await proposed({ disk: "sda", withdraw: true });
  expect(title).toBe("Withdraw what was acknowledged of disk sda on nas");
  const step = stepOf(unit);
  await step.does(step.args, run);
  expect(note).toBeNull();
});
