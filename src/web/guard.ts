import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** The names a browser on this machine (or at the near end of an SSH tunnel) calls the page by. */
export const loopbackNames: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Sent with every answer of the page. `same-origin` rather than `no-referrer`: under the latter browsers send
 * `Origin: null` with our own forms, and nothing leaves for other sites under either.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/**
 * Refuses what does not come from a browser window on this machine that a person points at this page:
 * other peers, other names (DNS rebinding), other sites' scripts, forms and frames.
 */
export function checkComesFromHere(req: IncomingMessage, names: readonly string[]): void {
  const { host = "", origin, "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest } = req.headers;
  if (!isLoopback(req.socket.remoteAddress ?? ""))
    throw new Refusal(403, "This page answers only to the machine it runs on.", "Use an SSH tunnel to reach it.");
  if (!names.includes(host.replace(/:\d+$/, "").toLowerCase()))
    throw new Refusal(
      403,
      "This page was called by a name it does not have.",
      `Open it as http://${names[0]}:${req.socket.localPort}.`,
    );
  const elsewhere = "This request comes from another site.";
  const here = "Open the page by its own address and try again there.";
  // A tunnel may use any port: the origin has to be what the browser itself calls this page.
  if (origin !== undefined && origin !== `http://${host}`) throw new Refusal(403, elsewhere, here);
  if (req.method === "POST" && origin === undefined)
    throw new Refusal(403, "The browser does not say which site sent this form.", "Use a current browser.");
  const fromOther = site === "cross-site" || site === "same-site"; // same-site: another port of this machine
  if (fromOther && (req.method === "POST" || mode !== "navigate" || dest !== "document"))
    throw new Refusal(403, elsewhere, here);
  if (dest !== undefined && /frame|object|embed/.test(String(dest)))
    throw new Refusal(403, "This page can't be shown inside another one.", here);
}

/** Whether a link on another site led here: a browser then leaves the session's cookie out. */
export const followedFromOtherSite = (req: IncomingMessage): boolean => req.headers["sec-fetch-site"] === "cross-site";

const isLoopback = (address: string) => /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);
