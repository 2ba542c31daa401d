import type { PlanStatus, PlanView } from "./define.ts";
import type { StoredPlan } from "./stored.ts";

const iso = (ms: number) => new Date(ms).toISOString();

/** A plan as anybody may see it. */
export function planView(plan: StoredPlan): PlanView {
  const { document, digest, status, progress, results } = plan;
  const several = document.units.length > 1;
  const named = (name: string, text: string) => (several && !text.startsWith(`${name}: `) ? `${name}: ${text}` : text);
  const view: PlanView = {
    plan_id: plan.id,
    tool: document.tool,
    status,
    title: document.title,
    risk: document.risk,
    targets: document.units.map(({ target: { kind, host, name } }) => ({ kind, host, name })),
    changes: document.units.flatMap(({ target, changes }) => changes.map((change) => named(target.name, change))),
    steps: document.units.flatMap(({ target, steps }) => steps.map(({ does }) => named(target.name, does))),
    warnings: [...document.warnings],
    undo: document.undo,
    created_at: document.created_at,
    expires_at: iso(plan.expiresAt),
    digest,
    note: [plan.row.note || notes[status](plan), ...underNote(document)].join(" "),
  };
  if (status === "running" && progress) view.progress = progress;
  if (results) view.results = results;
  return view;
}

const underNote = ({ under }: StoredPlan["document"]) =>
  under === undefined ? [] : [`It ran under the standing approval ${under}.`];

const notes: Readonly<Record<PlanStatus, (plan: StoredPlan) => string>> = {
  pending: (plan) => `Nothing has changed. It waits for a person until ${iso(plan.expiresAt)}.`,
  approved: (plan) =>
    plan.approval?.run
      ? `A person approved it to run: apply_plan starts it until ${iso(plan.expiresAt)}.`
      : `A person approved it and has the code that apply_plan needs, until ${iso(plan.expiresAt)}.`,
  running: () => "It runs. get_plan follows it.",
  done: () => "Done, and proven by reading.",
  rolled_back: () => "It failed. Everything is as it was before, proven by reading.",
  failed: () => "Not all of it came through. The results say where each target stands.",
  unknown: () => "How it ended cannot be told. A person should look; it is read again by itself.",
  denied: () => "A person said no. Nothing has changed.",
  cancelled: () => "It was withdrawn.",
  expired: () => "Its time ran out. Nothing has changed.",
  stale: () => "What it was based on has changed since. Nothing was done; it can be planned anew.",
  void: () => "It was voided. Nothing has changed.",
};
