import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Approved, Signer } from "../confirm/define.ts";
import type { Clock } from "../shared/clock.ts";

const idleMs = 10 * 60_000;
const mostSessions = 8;

/** A person who logged in: their opened key, and what they got for their approvals (they may reload the page). */
export interface Session {
  readonly id: string;
  readonly signer: Signer;
  /** What they were given, by plan id. The codes are in memory only. */
  readonly approved: Map<string, Approved>;
  /** Plans this person opened, newest last. */
  readonly seen: Set<string>;
}

export interface Sessions {
  /** A new random id: for a cookie before login, and always a fresh one at login. */
  newId(): string;
  open(signer: Signer): Session;
  /** The session behind a cookie, if it is not idle for ten minutes. `active` says that a person did something. */
  find(id: string | undefined, active: boolean): Session | undefined;
  close(session: Session): void;
  /** Closes it when its key locked itself: that counts from the last signature, a session from the last press. */
  closeIfLocked(session: Session): boolean;
  /** The form token that belongs to a cookie, logged in or not. */
  csrf(id: string): string;
  isCsrf(id: string | undefined, token: string | null): boolean;
}

export function createSessions(clock: Clock): Sessions {
  const secret = randomBytes(32);
  const open = new Map<string, { session: Session; wall: number; monotonic: number }>();
  const now = () => ({ wall: clock.now(), monotonic: clock.monotonic() });
  const csrf = (id: string) => createHmac("sha256", secret).update(id).digest("base64url");

  const close = ({ id, signer }: Session) => {
    open.delete(id);
    signer.lock();
  };
  // The monotonic clock stands still while a laptop sleeps and the wall clock can be set back: each covers for the other.
  const closeIdle = () => {
    for (const { session, wall, monotonic } of [...open.values()]) {
      const idle = Math.max(clock.now() - wall, clock.monotonic() - monotonic);
      if (idle >= idleMs || clock.now() < wall) close(session);
    }
  };

  return {
    newId,
    open(signer) {
      closeIdle();
      const [oldest] = open.values();
      if (open.size >= mostSessions && oldest) close(oldest.session);
      const session = { id: newId(), signer, approved: new Map(), seen: new Set<string>() };
      open.set(session.id, { session, ...now() });
      return session;
    },
    find(id, active) {
      closeIdle();
      const found = id === undefined ? undefined : open.get(id);
      if (found && active) Object.assign(found, now());
      return found?.session;
    },
    close,
    closeIfLocked(session) {
      try {
        session.signer.sign(new Uint8Array()); // nothing that means anything: it only shows whether it can
        return false;
      } catch {
        close(session);
        return true;
      }
    },
    csrf,
    isCsrf: (id, token) => id !== undefined && token !== null && isEqual(csrf(id), token),
  };
}

const newId = () => randomBytes(32).toString("base64url");

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
