import type { PlanView } from "../../confirm/define.ts";
import { type Html, html } from "../html.ts";
import { outcomeLabels } from "../words.ts";
import { csrfField, type Frame } from "./layout.ts";
import { pill, planPath } from "./parts.ts";

/** How far a running plan is, and the way to stop it. */
export function runningCard(frame: Frame, { plan_id, progress }: PlanView): Html {
  const { done = 0, total = 1, message = "Starting" } = progress ?? {};
  return html`<section class="card result" aria-labelledby="progress"><h2 id="progress">${done} of ${total} steps done</h2>
<progress aria-labelledby="progress" max="${total}" value="${done}"></progress><p>${message}</p>
<form method="post" action="${planPath(plan_id)}/cancel">${csrfField(frame)}
<div class="choice"><button class="danger" id="cancel" aria-describedby="cancel-says">Stop this plan</button>
<span id="cancel-says">It stops before its next step, and what it did is undone.</span></div></form></section>`;
}

/** How each target ended, and how that is known. */
export const resultsCard = (results: NonNullable<PlanView["results"]>) =>
  html`<section class="card result ${results.every(({ outcome }) => outcome === "done") ? "good" : "bad"}" aria-labelledby="results"><h2 id="results">What came of it</h2><ul class="plain">${results.map(
    ({ target, outcome, why }) =>
      html`<li>${pill(outcomeLabels[outcome])} <strong>${target.name}</strong> on ${target.host}<br>${why}</li>`,
  )}</ul></section>`;
