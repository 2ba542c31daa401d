import type { Risk } from "../../confirm/define.ts";
import { type Html, html } from "../html.ts";
import { riskLabels, type Tone } from "../words.ts";

const signs: Readonly<Record<Tone, string>> = { wait: "?", busy: "▶", good: "✓", bad: "!", off: "–" };

export const pill = ({ label, tone }: { label: string; tone: Tone }): Html =>
  html`<span class="pill ${tone}"><span aria-hidden="true">${signs[tone]}</span> ${label}</span>`;

export const riskPill = (risk: Risk): Html => html`<span class="pill ${risk}">${riskLabels[risk]}</span>`;

/**
 * A moment and how far away it is, in the time zone of the machine this runs on. The script counts it down and asks the
 * server again at zero.
 */
export function deadline(iso: string, now_ms: number): Html {
  const left_s = Math.max(0, Math.floor((Date.parse(iso) - now_ms) / 1000));
  return html`<time datetime="${iso}">${clockTime(iso)}</time> <span class="left" data-left="${left_s}">(${sayLeft(left_s)} left)</span>`;
}

/** "14:05:09" */
export const clockTime = (iso: string): string => new Date(iso).toLocaleTimeString("en-GB", { timeStyle: "medium" });

const sayLeft = (seconds: number) =>
  seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;

/** The path of a plan's page; the gate's `pageUrl` puts the address of the server before it. */
export const planPath = (planId: string): string => `/plans/${encodeURIComponent(planId)}`;
