import type { IncomingMessage, ServerResponse } from "node:http";
import type { Approvals } from "../confirm/define.ts";
import { securityHeaders } from "./guard.ts";
import type { Html } from "./html.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Frame } from "./views/layout.ts";

/** One request, as the routes see it. */
export interface Visit {
  readonly approvals: Approvals;
  readonly sessions: Sessions;
  readonly demo: { passphrase: string } | undefined;
  readonly now_ms: number;
  readonly isPost: boolean;
  /** From the path; empty where the route has none. */
  readonly planId: string;
  readonly query: URLSearchParams;
  /** Empty unless a form was posted. */
  readonly form: URLSearchParams;
  /** The cookie's id: of a session, or of a visitor who may log in. */
  readonly visitor: string;
  readonly session: Session | undefined;
}

export interface Reply {
  status?: number;
  /** A page, or an asset with its media type. */
  body?: Html | { type: string; text: string };
  /** Go there instead, with GET. */
  location?: string;
  /** The cookie's new id; empty takes it away. */
  cookie?: string;
  headers?: Readonly<Record<string, string>>;
}

export const frameOf = ({ sessions, visitor, session, approvals, demo }: Visit): Frame => ({
  csrf: sessions.csrf(visitor),
  inside: session ? { stopped: approvals.stopped() } : null,
  demo: demo !== undefined,
});

/** Cookies are shared by all ports of a host, so the name carries the port the browser sees. */
const cookieName = (req: IncomingMessage) => `home_steward_${/:(\d+)$/.exec(req.headers.host ?? "")?.[1] ?? "80"}`;

export function readCookie(req: IncomingMessage): string | undefined {
  const prefix = `${cookieName(req)}=`;
  const pairs = (req.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) || undefined;
}

export function send(req: IncomingMessage, res: ServerResponse, reply: Reply): void {
  const { body, location, cookie } = reply;
  const asset = body && "type" in body ? body : { type: "text/html; charset=utf-8", text: String(body ?? "") };
  res.writeHead(reply.status ?? (location ? 303 : 200), {
    ...securityHeaders,
    ...reply.headers,
    "content-type": asset.type,
    "content-length": Buffer.byteLength(asset.text),
    ...(location !== undefined && { location }),
    ...(cookie !== undefined && {
      "set-cookie": `${cookieName(req)}=${cookie}; Path=/; HttpOnly; SameSite=Strict${cookie === "" ? "; Max-Age=0" : ""}`,
    }),
  });
  res.end(asset.text); // Node leaves it out of an answer to HEAD
}
