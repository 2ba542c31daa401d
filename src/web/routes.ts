import { icon } from "./assets/icon.ts";
import { script } from "./assets/script.ts";
import { style } from "./assets/style.ts";
import { asRefusal } from "./refusal.ts";
import type { Session } from "./sessions.ts";
import { loginPage, noApproverPage } from "./views/login.ts";
import { overviewPage } from "./views/overview.ts";
import { planPath } from "./views/parts.ts";
import { type PlanPage, planPage } from "./views/plan.ts";
import { frameOf, type Reply, type Visit } from "./visit.ts";

type Handler = (visit: Visit) => Reply | Promise<Reply>;

export interface Route {
  get?: Handler;
  post?: Handler;
}

/** What stands behind a path, and the plan's id in it; `undefined` where the page has nothing. */
export function findRoute(path: string): { route: Route; planId: string } | undefined {
  const plan = /^\/plans\/([\w-]{1,64})(\/approve|\/deny|\/cancel|)$/.exec(path);
  const grant = /^\/grants\/([\w-]{1,64})\/revoke$/.exec(path);
  const route = plan ? planRoutes.get(plan[2] ?? "") : grant ? revoking : routes.get(path);
  return route && { route, planId: plan?.[1] ?? grant?.[1] ?? "" };
}

const asset = (type: string, text: string): Route => ({ get: () => ({ body: { type, text } }) });

const routes: ReadonlyMap<string, Route> = new Map([
  ["/", { get: inside(overview) }],
  ["/login", { get: showLogin, post: logIn }],
  ["/logout", { post: inside(logOut) }],
  ["/stop", { post: inside(setStopped) }],
  ["/assets/style.css", asset("text/css; charset=utf-8", style)],
  ["/assets/page.js", asset("text/javascript; charset=utf-8", script)],
  ["/assets/icon.svg", asset("image/svg+xml", icon)],
]);

const revoking: Route = { post: inside(revoke) };

const planRoutes: ReadonlyMap<string, Route> = new Map([
  ["", { get: inside(plan) }],
  ["/approve", { post: inside(approve) }],
  ["/deny", { post: inside(deny) }],
  ["/cancel", { post: inside(cancel) }],
]);

/** Only for who is logged in; everybody else is brought to the login and back. */
function inside(handler: (visit: Visit, session: Session) => Reply): Handler {
  return (visit) => {
    const { session } = visit;
    if (session && !(visit.isPost && visit.sessions.closeIfLocked(session))) return handler(visit, session);
    const next = visit.planId ? planPath(visit.planId) : "/";
    const ended = visit.isPost || visit.query.has("auto");
    return { location: `/login?${new URLSearchParams({ next, ...(ended && { why: "ended" }) })}` };
  };
}

const notes: Readonly<Record<string, string>> = {
  ended: "Your session ended. Nothing was changed by your last press; log in to go on.",
  out: "You are logged out.",
};

/** Only our own pages: a login never sends anybody elsewhere. */
const safeNext = (next: string | null) => (next && /^\/plans\/[\w-]{1,64}$/.test(next) ? next : "/");

function showLogin(visit: Visit): Reply {
  const next = safeNext(visit.query.get("next"));
  if (visit.session) return { location: next };
  const note = notes[visit.query.get("why") ?? ""];
  return { ...loginReply(visit, { next, ...(note && { note }) }), cookie: visit.visitor };
}

function loginReply(visit: Visit, login: Parameters<typeof loginPage>[1]): Reply {
  const frame = frameOf(visit);
  if (!visit.approvals.hasApprover()) return { body: noApproverPage(frame) };
  return { body: loginPage(frame, { ...login, ...(visit.demo && { demoPassphrase: visit.demo.passphrase }) }) };
}

async function logIn(visit: Visit): Promise<Reply> {
  const next = safeNext(visit.form.get("next"));
  try {
    const signer = await visit.approvals.unlock(visit.form.get("passphrase") ?? "", "page");
    if (visit.session) visit.sessions.close(visit.session);
    return { location: next, cookie: visit.sessions.open(signer).id };
  } catch (error) {
    const problem = asRefusal(error);
    return { ...loginReply({ ...visit, session: undefined }, { next, problem }), status: problem.status };
  }
}

function logOut({ sessions }: Visit, session: Session): Reply {
  sessions.close(session);
  return { location: "/login?why=out", cookie: "" };
}

function setStopped({ approvals, form }: Visit, session: Session): Reply {
  approvals.setStopped(form.get("on") !== "no", session.signer, "page");
  return { location: "/" };
}

function overview(visit: Visit, session: Session): Reply {
  const { approvals, now_ms } = visit;
  const live = approvals.pending();
  const waiting = live.filter(({ status }) => status === "pending");
  const ids = new Set(live.map(({ plan_id }) => plan_id));
  const seen = [...session.seen].reverse().filter((id) => !ids.has(id));
  const others = [
    ...live.filter(({ status }) => status !== "pending"),
    ...seen.slice(0, 8).map((id) => approvals.get(id)),
  ];
  return { body: overviewPage(frameOf(visit), waiting, others, approvals.grants(), now_ms) };
}

/** A standing approval is held by the plan of the same id. */
function revoke({ approvals, planId }: Visit, { signer }: Session): Reply {
  approvals.revoke(planId, { signer, surface: "page" });
  return { location: "/" };
}

function plan(visit: Visit, session: Session): Reply {
  return showPlan(visit, session);
}

function showPlan(visit: Visit, session: Session, problem?: PlanPage["problem"]): Reply {
  const { approvals, planId, now_ms } = visit;
  const view = approvals.get(planId);
  session.seen.add(planId);
  const words = approvals.words(planId);
  const approved = session.approved.get(planId);
  return { body: planPage(frameOf(visit), { plan: view, words, now_ms, approved, problem }) };
}

function approve(visit: Visit, session: Session): Reply {
  const { approvals, planId, form } = visit;
  const typed = form.get("typed")?.trim() ?? "";
  return decide(visit, session, typed, () => {
    // Anything but the button "Approve and run" gives the code.
    const run = form.get("run") === "yes";
    const approved = approvals.approve(planId, session.signer, {
      run,
      surface: "page",
      ...(typed && { typedTarget: typed }),
    });
    session.approved.set(planId, approved);
  });
}

function deny(visit: Visit, session: Session): Reply {
  return decide(visit, session, "", () => visit.approvals.deny(visit.planId, session.signer, "page"));
}

function cancel(visit: Visit, session: Session): Reply {
  return decide(visit, session, "", () => visit.approvals.cancel(visit.planId));
}

/** Does it and shows the plan; where that is refused the plan says why, as it stands now. */
function decide(visit: Visit, session: Session, typed: string, act: () => void): Reply {
  try {
    act();
  } catch (error) {
    const { status, message, fix } = asRefusal(error);
    return { ...showPlan(visit, session, { message, fix, typed }), status };
  }
  return { location: planPath(visit.planId) };
}
