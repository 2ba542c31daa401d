import { type GrantView, sayTarget } from "../../confirm/define-standing.ts";
import { type Html, html } from "../html.ts";
import { csrfField, type Frame } from "./layout.ts";
import { pill, planPath } from "./parts.ts";

/** What happens without asking, each with the button that ends it. Nothing where nothing is allowed. */
export function grantsSection(frame: Frame, grants: readonly GrantView[]): Html | false {
  const active = grants.filter(({ state }) => state === "active");
  if (active.length === 0) return false;
  return html`<h2>Allowed to happen by itself</h2><ul class="plain plans">${active.map((grant) => entry(frame, grant))}</ul>`;
}

/** What a page that follows them has to notice. */
export const grantsState = (grants: readonly GrantView[]): string =>
  grants
    .map(({ grant_id, state, last_uses }) => `${grant_id} ${state} ${last_uses[0]?.at} ${last_uses[0]?.status}`)
    .join("|");

function entry(frame: Frame, grant: GrantView): Html {
  const { grant_id, says, drill, emergency, targets, until, uses_left_today, limits, last_uses, stopped_for } = grant;
  const [last] = last_uses;
  const left = emergency ? "It cannot be used up." : `${uses_left_today} of ${limits.max_per_day} uses are left today.`;
  return html`<li class="card">
<p class="pills">${drill ? pill({ label: "Drill", tone: "off" }) : pill({ label: "Holds", tone: "busy" })}</p>
<p class="name"><a id="grant-${grant_id}" href="${planPath(grant_id)}">${says}</a></p>
<p>${targets.map(sayTarget).join(", ")}. Until ${until.slice(0, 10)}. ${left}</p>
${last && html`<p class="hint">Last: ${last.name} on ${last.host}, ${last.at.slice(0, 16).replace("T", " ")} UTC, ${last.status.replace("_", " ")}.</p>`}
${
  stopped_for.length > 0 &&
  html`<p class="hint">After ${limits.stop_after} tries in a row it leaves alone: ${stopped_for.map(sayTarget).join(", ")}.</p>`
}
<form method="post" action="/grants/${encodeURIComponent(grant_id)}/revoke">${csrfField(frame)}
<button class="danger" id="revoke-${grant_id}" aria-describedby="grant-${grant_id}">End this now</button></form></li>`;
}
