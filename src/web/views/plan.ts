import type { Approved, PlanView } from "../../confirm/define.ts";
import type { PlanWords } from "../../confirm/words.ts";
import { type Html, html } from "../html.ts";
import { riskLabels, statusLabels, statusSays } from "../words.ts";
import { decision, takeBack } from "./decision.ts";
import { alertBox, type Frame, layout } from "./layout.ts";
import { clockTime, deadline, pill, planPath, riskPill } from "./parts.ts";
import { resultsCard, runningCard } from "./run.ts";

export interface PlanPage {
  plan: PlanView;
  /** The gate's words for it, made from the stored bytes. */
  words: PlanWords;
  now_ms: number;
  /** What this person was given for it, as long as it did not start. */
  approved?: Approved | undefined;
  /** Why the last press did nothing, and what was typed then. */
  problem?: { message: string; fix: string; typed: string } | undefined;
}

export function planPage(frame: Frame, { plan, words, now_ms, approved, problem }: PlanPage): Html {
  const status = statusLabels[plan.status];
  const pending = plan.status === "pending";
  const going = plan.status === "approved" || plan.status === "running";
  const body = html`<p><a href="/" id="back">← All plans</a></p>
${problem && alertBox(problem.message, problem.fix)}
<p class="pills">${pill(status)} ${riskPill(words.risk)}</p>
<h1 id="title" tabindex="-1">${words.heading}</h1>
<p class="lead">${statusSays(plan.status, plan.note)}</p>
${pending && html`<p>You can decide until ${deadline(plan.expires_at, now_ms)}.</p>`}
${plan.status === "approved" && approvedCard(frame, plan, now_ms, approved)}
${plan.status === "running" && runningCard(frame, plan)}
${plan.results && resultsCard(plan.results)}
${
  pending &&
  words.warnings.length > 0 &&
  html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">Mind this</h2>${list(words.warnings)}</section>`
}
${words.standing.length > 0 && html`<section class="card" aria-labelledby="standing"><h2 id="standing">A standing approval</h2>${list(words.standing)}</section>`}
${words.parts.map((part, at) => partCard(part, at, pending && words.parts.length === 1))}
<div class="pair">
<section class="card" aria-labelledby="undo"><h2 id="undo">How it is undone</h2><p>${words.undo}</p></section>
<section class="card" aria-labelledby="risk"><h2 id="risk">Risk: ${riskLabels[words.risk].toLowerCase()}</h2>
<p>${words.risk_says} It touches ${words.touches}.</p></section>
</div>
${pending && decision(frame, words, problem?.typed)}
${exactly(words)}`;
  const { done = 0, total = 0, message = "" } = plan.progress ?? {};
  return layout(frame, {
    title: `${status.label}: ${words.heading}`,
    body,
    // The gate goes on reading how an unknown one stands.
    ...((pending || going || plan.status === "unknown") && {
      live: {
        seconds: going ? 1 : 3,
        state: [plan.status, done, total, message, frame.inside?.stopped].join("|"),
        // Without the message: it may change every second, and a screen reader would read each.
        say: `${status.label}.${plan.status === "running" ? ` ${done} of ${total} steps done.` : ""}`,
      },
    }),
    ...(going && { reload: { path: `${planPath(plan.plan_id)}?auto=1`, seconds: 4, onlyWithoutScript: true } }),
  });
}

const list = (lines: readonly string[]) => html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

function partCard({ target, changes, steps, saved_first }: PlanWords["parts"][number], at: number, open: boolean) {
  return html`<section class="card" aria-labelledby="part-${at}"><h2 id="part-${at}">What changes: ${target}</h2>
${list(changes)}
${saved_first && html`<p>${saved_first}</p>`}
<details id="steps-${at}"${open && html` open`}><summary>Step by step</summary>
<ol>${steps.map(({ does, undo }) => html`<li>${does}<br><span class="hint">Undo: ${undo}</span></li>`)}</ol></details></section>`;
}

function approvedCard(frame: Frame, plan: PlanView, now_ms: number, approved: Approved | undefined) {
  const until = deadline(plan.expires_at, now_ms);
  if (approved?.token) {
    return html`<section class="card result" aria-labelledby="next"><h2 id="next">Your code</h2>
<p class="code"><output id="code">${approved.token}</output>
<button type="button" id="copy" data-copy="${approved.token}" hidden>Copy</button></p>
<p>Type it into your chat with Claude. It works once, for this plan only, until ${until}.</p>${takeBack(frame, plan)}</section>`;
  }
  const says = approved
    ? html`It starts as soon as Claude asks, until ${until}. If nothing happens, tell Claude that you approved it.`
    : html`It was approved elsewhere and can start until ${until}. A code is shown only where it was approved;
if it is lost, ask Claude for a new plan.`;
  return html`<section class="card result" aria-labelledby="next"><h2 id="next">Claude may go on</h2><p>${says}</p>
${takeBack(frame, plan)}</section>`;
}

const exactly = (words: PlanWords) => html`<details id="details"><summary>Exactly what is approved</summary><dl>
<dt>Proposed by</dt><dd>the tool <code>${words.tool}</code> at ${clockTime(words.created_at)}</dd>
<dt>Plan</dt><dd><code>${words.plan_id}</code></dd>
<dt>Fingerprint of its stored bytes (SHA-256)</dt><dd><code>${words.digest}</code></dd></dl></details>`;
