import { createHmac } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { StewardError } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import type { AuditRow } from "../store/audit.ts";
import { inDatabase } from "../store/database.ts";
import type { Store } from "../store/open.ts";
import { readPrivate, writePrivate } from "../store/private-file.ts";
import { canonical } from "./canonical.ts";
import { type GateKeys, newKeys, readKeys } from "./keys.ts";
import { sameHex } from "./token.ts";

/** Writes one record. `detail` is our own words, numbers and digests: never arguments, never a secret. */
export type Append = (event: string, planId: string | null, detail: JsonObject) => AuditRow;

/** What a check of the audit found. */
interface AuditReport {
  state: "intact" | "altered" | "missing_tail" | "torn";
  records: number;
  /** The record it went wrong at. */
  at: number | null;
  says: string;
}

/** The audit of a store: an append-only chain, each record bound to all before it by a key that lies elsewhere. */
export interface Audit {
  readonly keys: GateKeys;
  /** One transaction: what `work` writes and its records are kept together or not at all. */
  within<T>(work: (append: Append) => T): T;
  /** Checks the chain from record `seq` on, and its end. The whole of it by default. */
  verify(seq?: number): AuditReport;
  /** Whether this one record is as it was written. */
  genuine(row: AuditRow): boolean;
}

const headFile = z.strictObject({ seq: z.int().min(0), mac: z.string(), seal: z.string() });
type Head = { seq: number; mac: string };

/**
 * Opens the audit of a store, and makes its keys when the store is new. `audit.head` says how far the chain reached:
 * it lies apart from the database, so that a cut tail is missed. It is written after the records, never before them:
 * a crash leaves it behind the chain, and only then. Errors: refused (a key or the head is missing or damaged).
 */
export function openAudit(store: Store, now: () => number): Audit {
  const path = join(store.folder, "audit.head");
  const keys = inDatabase(() => store.transaction(() => keysOf(store, path)));
  const mac = (before: string, record: string) =>
    createHmac("sha256", keys.audit).update(`${before}\n${record}`).digest("hex");
  const macAt = (seq: number) => (seq === 0 ? "" : store.audit.at(seq)?.mac);

  const append: Append = (event, planId, detail) => {
    const last = store.audit.last();
    const row = { seq: (last?.seq ?? 0) + 1, at: now(), event, plan_id: planId };
    const record = canonical({ ...row, detail });
    const whole = { ...row, record, mac: mac(last?.mac ?? "", record) };
    store.audit.add(whole);
    return whole;
  };

  /** Moves the head to the chain's end. Under the store's lock, so that a slower process cannot move it back. */
  const seal = () =>
    store.transaction(() => {
      const last = store.audit.last();
      if (last && last.seq > readHead(path, keys).seq) writeHead(path, keys, last);
    });

  const endIsThere = () => {
    const head = readHead(path, keys);
    if (macAt(head.seq) !== head.mac) throw damaged("the end of the audit is missing or was altered");
  };

  return {
    keys,
    within(work) {
      return inDatabase(() => {
        const answer = store.transaction(() => {
          endIsThere();
          return work(append);
        });
        seal();
        return answer;
      });
    },
    genuine(row) {
      const before = macAt(row.seq - 1);
      return before !== undefined && columnsAgree(row) && sameHex(row.mac, mac(before, row.record));
    },
    verify: (seq = 1) => inDatabase(() => store.transaction(() => verify(store, keys, path, mac, macAt(seq - 1), seq))),
  };
}

function verify(
  store: Store,
  keys: GateKeys,
  path: string,
  mac: (before: string, record: string) => string,
  start: string | undefined,
  from: number,
): AuditReport {
  const last = store.audit.last()?.seq ?? 0;
  const found = (state: AuditReport["state"], at: number | null, says: string) => ({ state, records: last, at, says });
  let before = start;
  let expected = from;
  for (const row of store.audit.from(from)) {
    if (before === undefined || row.seq !== expected)
      return found("altered", expected, `Record ${expected} is missing.`);
    if (!sameHex(row.mac, mac(before, row.record))) {
      const torn = row.seq === last && !isComplete(row);
      if (torn) return found("torn", row.seq, `The last record, ${row.seq}, was not written to its end.`);
      return found("altered", row.seq, `Record ${row.seq}, or the one before it, was altered.`);
    }
    if (!columnsAgree(row)) return found("altered", row.seq, `Record ${row.seq} was altered in its columns.`);
    before = row.mac;
    expected++;
  }
  const head = readHead(path, keys);
  if (head.seq > last)
    return found("missing_tail", last + 1, `The audit ends at ${last}; it had reached ${head.seq} once.`);
  if (head.seq > 0 && store.audit.at(head.seq)?.mac !== head.mac)
    return found("altered", head.seq, `Record ${head.seq} is not the one that was sealed.`);
  return found("intact", null, `${last} records, each as it was written.`);
}

// Crash-safe order: the head is there before the key, so a key without a head was tampered with.
function keysOf(store: Store, path: string): GateKeys {
  const known = readKeys(store.folder);
  if (known) {
    readHead(path, known);
    return known;
  }
  if (store.audit.last()) throw damaged("its key file is missing");
  const fresh = newKeys(store.folder);
  writeHead(path, fresh.keys, { seq: 0, mac: "" });
  fresh.keep();
  return fresh.keys;
}

const sealOf = (keys: GateKeys, { seq, mac }: Head) =>
  createHmac("sha256", keys.audit).update(`head ${seq} ${mac}`).digest("hex");

function writeHead(path: string, keys: GateKeys, { seq, mac }: Head): void {
  writePrivate(path, `${JSON.stringify({ seq, mac, seal: sealOf(keys, { seq, mac }) })}\n`);
}

function readHead(path: string, keys: GateKeys): Head {
  const text = readPrivate(path);
  if (text === undefined) throw damaged("the file audit.head is missing");
  const head = parsed(text, headFile);
  if (!head || !sameHex(head.seal, sealOf(keys, head))) throw damaged("the file audit.head was altered");
  return head;
}

const columns = z.object({ seq: z.int(), at: z.int(), event: z.string(), plan_id: z.string().nullable() });

function columnsAgree(row: AuditRow): boolean {
  const said = parsed(row.record, columns);
  return said?.seq === row.seq && said.at === row.at && said.event === row.event && said.plan_id === row.plan_id;
}

const isComplete = (row: AuditRow) => parsed(row.record, columns) !== undefined && /^[0-9a-f]{64}$/.test(row.mac);

function parsed<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const damaged = (what: string) =>
  new StewardError(
    "refused",
    `The audit is damaged (${what}), so nothing can be planned, approved or changed.`,
    "A person looks at it with: home-steward audit verify. A backup of the state folder may mend it; else it is moved away and set up again.",
  );
