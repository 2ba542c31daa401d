import { type Html, html } from "../html.ts";

/** What every page shows around its content. */
export interface Frame {
  /** The form token of whoever looks at it. */
  csrf: string;
  /** `null` before login: nothing about plans or the kill switch is shown then. */
  inside: { stopped: boolean } | null;
  demo: boolean;
}

export interface Page {
  title: string;
  body: Html;
  /** Pages that follow what happens: the script asks again every so many seconds and swaps `main` when `state` changes. */
  live?: { seconds: number; state: string; say: string };
  /** The page goes there by itself: without a script to follow a plan that runs, or at once. */
  reload?: { path: string; seconds: number; onlyWithoutScript: boolean };
}

export function layout(frame: Frame, page: Page): Html {
  const { live } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${page.title} – Home Steward</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/page.js" defer></script>
${page.reload && reload(page.reload)}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28"> Home Steward</a>
  ${frame.demo && html`<span class="tag">Demo</span>`}
  ${
    frame.inside &&
    html`<form method="post" action="/logout">${csrfField(frame)}<button class="quiet" id="logout">Log out</button></form>`
  }
</header>
<p class="notice" id="contact" role="status"></p>
<p class="unseen" id="announce" role="status"></p>
<main id="main" tabindex="-1"${
    live && html` data-poll="${live.seconds}" data-state="${live.state}" data-say="${live.say}"`
  }>
${frame.inside?.stopped && stoppedBanner(frame)}
${page.body}
</main>
<footer>
  ${frame.inside && !frame.inside.stopped && stopForm(frame)}
  <p>Nothing changes on your server unless you approve it here or in the terminal.</p>
</footer>
</body>
</html>`;
}

function reload({ path, seconds, onlyWithoutScript }: NonNullable<Page["reload"]>) {
  const meta = html`<meta http-equiv="refresh" content="${seconds};url=${path}">`;
  return onlyWithoutScript ? html`<noscript>${meta}</noscript>` : meta;
}

export const csrfField = ({ csrf }: Frame): Html => html`<input type="hidden" name="csrf" value="${csrf}">`;

/** A box that says what went wrong and what to do; it takes the focus. */
export const alertBox = (message: string, fix: string): Html =>
  html`<div class="alert" role="alert" id="problem" tabindex="-1" autofocus><p><strong>${message}</strong></p><p>${fix}</p></div>`;

const stoppedBanner = (frame: Frame) => html`<section class="stopped" aria-labelledby="stopped">
  <div>
    <h2 id="stopped">Everything is stopped</h2>
    <p>No plan can be approved or started, and one that runs stops before its next step.</p>
  </div>
  <form method="post" action="/stop">${csrfField(frame)}<input type="hidden" name="on" value="no">
    <button id="go-on">Let plans run again</button></form>
</section>`;

const stopForm = (frame: Frame) => html`<form method="post" action="/stop" class="stop">
  ${csrfField(frame)}<input type="hidden" name="on" value="yes">
  <button class="danger" id="stop" aria-describedby="stop-says">Stop everything</button>
  <span id="stop-says">Nothing new starts; what runs stops before its next step.</span>
</form>`;
