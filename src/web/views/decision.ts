import type { PlanView } from "../../confirm/define.ts";
import type { PlanWords } from "../../confirm/words.ts";
import { type Html, html } from "../html.ts";
import { csrfField, type Frame } from "./layout.ts";
import { planPath } from "./parts.ts";

/** Approve, approve and run, deny. `typed` is what was typed for the target's name last time. */
export function decision(frame: Frame, { plan_id, type_to_approve: name }: PlanWords, typed: string | undefined): Html {
  const mistyped = typed !== undefined && typed !== name;
  return html`<section class="card decide" aria-labelledby="decide"><h2 id="decide">Your decision</h2>
<form method="post" action="${planPath(plan_id)}/approve">${csrfField(frame)}
${
  name !== null &&
  html`<label for="typed">Type <strong class="pick">${name}</strong> to approve</label>
<input id="typed" name="typed" value="${typed}" autocomplete="off" autocapitalize="off" spellcheck="false" required
${mistyped && html`aria-invalid="true" aria-describedby="problem"`}>`
}
<div class="choice"><button class="primary" name="run" value="no" id="approve" aria-describedby="approve-says">Approve</button>
<span id="approve-says">You get a code to type into your chat with Claude.</span></div>
<div class="choice"><button class="second" name="run" value="yes" id="approve-run" aria-describedby="run-says">Approve and run</button>
<span id="run-says">Claude goes on at once, without a code, if it is waiting for you.</span></div>
</form>
${denial(frame, plan_id, "Deny")}</section>`;
}

/** An approved plan that did not start can still be denied. */
export const takeBack = (frame: Frame, { plan_id }: PlanView): Html => denial(frame, plan_id, "Take it back");

const denial = (
  frame: Frame,
  planId: string,
  label: string,
) => html`<form method="post" action="${planPath(planId)}/deny">
${csrfField(frame)}<div class="choice"><button class="quiet" id="deny" aria-describedby="deny-says">${label}</button>
<span id="deny-says">Nothing changes, and this plan can't run any more.</span></div></form>`;
