import type { IncomingMessage, ServerResponse } from "node:http";
import type { Approvals } from "../confirm/define.ts";
import type { Clock } from "../shared/clock.ts";
import { readForm } from "./form.ts";
import { checkComesFromHere, followedFromOtherSite, loopbackNames } from "./guard.ts";
import { asRefusal, Refusal } from "./refusal.ts";
import { findRoute, type Route } from "./routes.ts";
import { createSessions } from "./sessions.ts";
import { hopPage, problemPage } from "./views/login.ts";
import { type Reply, readCookie, send, type Visit } from "./visit.ts";

export interface PageOptions {
  approvals: Approvals;
  clock: Clock;
  /** Host names (no port) the page answers to; the names of loopback unless said otherwise. */
  allowedHosts?: readonly string[];
  /** The demo home shows its passphrase at the login. */
  demo?: { passphrase: string };
}

/** Answers `true` when the request was the page's, and then it was answered; `false` leaves it to whoever is next. */
export type Page = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

/** The approval page: mounted beside `/mcp` on the same port, loopback only. Keeps sessions in memory and nothing else. */
export function createPage({ approvals, clock, allowedHosts = loopbackNames, demo }: PageOptions): Page {
  const sessions = createSessions(clock);

  async function answer(req: IncomingMessage, route: Route, planId: string): Promise<Reply> {
    checkComesFromHere(req, allowedHosts);
    const handle = handlerFor(route, req.method ?? "");
    const query = queryOf(req);
    const cookie = readCookie(req);
    const isPost = req.method === "POST";
    // Only once, so that a browser that goes on saying so isn't sent round in circles.
    if (!isPost && cookie === undefined && followedFromOtherSite(req) && !query.has("hop"))
      return { body: hopPage(`${pathOf(req)}?hop=1`) };
    const form = isPost ? await readForm(req, clock) : new URLSearchParams();
    if (isPost && !sessions.isCsrf(cookie, form.get("csrf")))
      throw new Refusal(403, "This form does not belong to your session.", "Open the page anew and try again.");
    // A page that asks again by itself is no sign of a person.
    const session = sessions.find(cookie, !query.has("auto"));
    const visitor = cookie ?? sessions.newId();
    const visit: Visit = {
      approvals,
      sessions,
      demo,
      now_ms: clock.now(),
      isPost,
      planId,
      query,
      form,
      visitor,
      session,
    };
    return await handle(visit);
  }

  return async (req, res) => {
    const found = findRoute(pathOf(req));
    if (!found) return false;
    const reply = await answer(req, found.route, found.planId).catch((error): Reply => {
      const refusal = asRefusal(error);
      return { status: refusal.status, headers: refusal.headers, body: problemPage(refusal.status, refusal) };
    });
    send(req, res, reply);
    return true;
  };
}

const pathOf = (req: IncomingMessage) => (req.url ?? "").split("?", 1)[0] ?? "";
const queryOf = (req: IncomingMessage) => new URLSearchParams((req.url ?? "").split("?").slice(1).join("?"));

function handlerFor(route: Route, method: string) {
  const handle = method === "POST" ? route.post : ["GET", "HEAD"].includes(method) ? route.get : undefined;
  if (handle) return handle;
  const allow = [...(route.get ? ["GET", "HEAD"] : []), ...(route.post ? ["POST"] : [])].join(", ");
  throw new Refusal(405, "This address does not work that way.", "Use the page's own links and buttons.", { allow });
}
