import { type Html, html } from "../html.ts";
import { alertBox, csrfField, type Frame, layout } from "./layout.ts";

/** For pages that hold no form and are shown to anybody. */
const outside: Frame = { csrf: "", inside: null, demo: false };

interface Login {
  /** Where to go afterwards, a path of this page. */
  next: string;
  /** Why the last try failed. */
  problem?: { message: string; fix: string };
  /** A quiet line above the form: logged out, session ended. */
  note?: string;
  demoPassphrase?: string;
}

export function loginPage(frame: Frame, { next, problem, note, demoPassphrase }: Login): Html {
  const body = html`<div class="narrow">
<h1>Log in to approve</h1>
<p>Claude can only propose changes. You decide here${
    !demoPassphrase && html`, with the passphrase you chose in <code>home-steward setup</code>`
  }.</p>
${note && html`<p class="note" role="status">${note}</p>`}
${problem && html`<div class="alert" role="alert" id="problem"><p><strong>${problem.message}</strong></p><p>${problem.fix}</p></div>`}
<form method="post" action="/login" class="card">
  ${csrfField(frame)}<input type="hidden" name="next" value="${next}">
  <label for="passphrase">Passphrase</label>
  <input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required autofocus
    ${problem && html`aria-invalid="true" aria-describedby="problem"`}>
  ${
    demoPassphrase &&
    html`<p class="hint">This is the demo home. Its passphrase is <code class="pick">${demoPassphrase}</code></p>`
  }
  <button class="primary">Log in</button>
</form>
<p class="hint">It is checked on this machine only. You are logged out after ten idle minutes.</p>
</div>`;
  return layout(frame, { title: problem ? "Login failed" : "Log in", body });
}

export function noApproverPage(frame: Frame): Html {
  const body = html`<div class="narrow">
<h1>No approver yet</h1>
<p>Plans are approved with a key that only you can open. It has to be made once, in a terminal on the machine
Home Steward runs on:</p>
<pre class="card" tabindex="0"><code>home-steward setup</code></pre>
<ol>
  <li>Run the command and choose a passphrase. It is never stored; keep it where you keep your others.</li>
  <li>Come back and <a href="/login">log in with it</a>. Nothing needs a restart.</li>
</ol>
<p class="note">Until then Home Steward only reads. Nobody can change anything through it.</p>
</div>`;
  return layout(frame, { title: "No approver yet", body });
}

/**
 * Shown for a moment to who followed a link on another site: the browser left the session's cookie out, and sends it
 * with the next request, which this page makes itself.
 */
export function hopPage(path: string): Html {
  const body = html`<div class="narrow"><h1>Opening the approval page</h1><p><a href="${path}">Go on</a></p></div>`;
  return layout(outside, { title: "Opening", body, reload: { path, seconds: 0, onlyWithoutScript: false } });
}

export function problemPage(status: number, problem: { message: string; fix: string }): Html {
  const body = html`<div class="narrow">
<h1>${headings[status] ?? "That did not work"}</h1>
${alertBox(problem.message, problem.fix)}
<p><a href="/">See the plans that wait</a></p>
</div>`;
  return layout(outside, { title: headings[status] ?? "That did not work", body });
}

const headings: Readonly<Record<number, string>> = {
  403: "Refused",
  404: "Not found",
  405: "Not that way",
  408: "Too slow",
  409: "No longer possible",
  413: "Too large",
};
