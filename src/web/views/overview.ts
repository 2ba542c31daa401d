import type { PlanView } from "../../confirm/define.ts";
import type { GrantView } from "../../confirm/define-standing.ts";
import { type Html, html } from "../html.ts";
import { statusLabels } from "../words.ts";
import { grantsSection, grantsState } from "./grants.ts";
import { type Frame, layout } from "./layout.ts";
import { deadline, pill, planPath, riskPill } from "./parts.ts";

/** The plans that wait; those on their way, and those this person looked at since they logged in; what needs no plan. */
export function overviewPage(
  frame: Frame,
  waiting: readonly PlanView[],
  others: readonly PlanView[],
  grants: readonly GrantView[],
  now_ms: number,
): Html {
  const count = waiting.length === 1 ? "1 plan waits for you" : `${waiting.length || "No"} plans wait for you`;
  const body = html`<h1 id="title" tabindex="-1">${count}</h1>
${
  waiting.length > 0
    ? html`<ul class="plain plans">${waiting.map((plan) => entry(plan, now_ms))}</ul>`
    : html`<div class="card empty"><p>When Claude wants to change something, its plan appears here.
This page looks for new ones by itself.</p></div>`
}
${others.length > 0 && html`<h2>Others</h2><ul class="plain plans">${others.map((plan) => entry(plan, now_ms))}</ul>`}
${grantsSection(frame, grants)}`;
  const state = [...waiting, ...others].map(({ plan_id, status }) => `${plan_id} ${status}`);
  return layout(frame, {
    title: count,
    body,
    live: { seconds: 3, state: [frame.inside?.stopped, ...state, grantsState(grants)].join("|"), say: `${count}.` },
  });
}

const entry = (plan: PlanView, now_ms: number) => html`<li class="card">
<p class="pills">${pill(statusLabels[plan.status])} ${riskPill(plan.risk)}</p>
<p class="name"><a id="plan-${plan.plan_id}" href="${planPath(plan.plan_id)}">${plan.title}</a></p>
${plan.status === "pending" && html`<p class="hint">Until ${deadline(plan.expires_at, now_ms)}</p>`}</li>`;
