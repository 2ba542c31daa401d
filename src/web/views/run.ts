import type { PlanView } from "../../confirm/define.ts";
import { html } from "../html.ts";
import { outcomeWords } from "../words.ts";
import { pill } from "./parts.ts";

/** How far a running plan is. */
export const progressCard = ({ done, total, message }: NonNullable<PlanView["progress"]>) =>
  html`<section class="card result" aria-labelledby="progress"><h2 id="progress">Step ${done} of ${total}</h2>
<progress aria-labelledby="progress" max="${total}" value="${done}"></progress><p>${message}</p></section>`;

/** How each target ended, and how that is known. */
export const resultsCard = (results: NonNullable<PlanView["results"]>) =>
  html`<section class="card result" aria-labelledby="results"><h2 id="results">What came of it</h2><ul class="plain">${results.map(
    ({ target, outcome, why }) =>
      html`<li>${pill(outcomeWords[outcome])} <strong>${target.name}</strong> on ${target.host}<br>${why}</li>`,
  )}</ul></section>`;
