/**
 * The schema, one migration a version. A migration that was released is never edited: a new one is added.
 * Rows of the audit and the journal are never changed; the triggers keep our own mistakes from doing it.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    audit_seq INTEGER NOT NULL,
    wrong_tokens INTEGER NOT NULL DEFAULT 0,
    approval TEXT,
    stop_asked INTEGER NOT NULL DEFAULT 0,
    progress TEXT,
    results TEXT,
    recover_until INTEGER,
    note TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX plans_by_status ON plans (status, created_at);
  CREATE TRIGGER plans_keep_their_bytes BEFORE UPDATE OF id, document, digest, created_at, audit_seq ON plans
    BEGIN SELECT RAISE(ABORT, 'a plan is never rewritten'); END;

  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    unit INTEGER NOT NULL,
    step INTEGER NOT NULL,
    way TEXT NOT NULL,
    phase TEXT NOT NULL,
    at INTEGER NOT NULL,
    detail TEXT
  ) STRICT;
  CREATE INDEX journal_by_plan ON journal (plan_id, seq);
  CREATE TRIGGER journal_is_kept BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    plan_id TEXT,
    record TEXT NOT NULL,
    mac TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_event ON audit (event, at);
  CREATE INDEX audit_by_plan ON audit (plan_id, seq);
  CREATE TRIGGER audit_is_kept BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  CREATE TRIGGER audit_is_whole BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

  CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE disks (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    serial TEXT NOT NULL,
    UNIQUE (serial, model)
  ) STRICT;

  CREATE TABLE disk_days (
    disk INTEGER NOT NULL REFERENCES disks (id),
    day INTEGER NOT NULL,
    at INTEGER NOT NULL,
    power_on_hours INTEGER,
    reallocated INTEGER,
    uncorrectable INTEGER,
    command_timeouts INTEGER,
    unreadable INTEGER,
    link_errors INTEGER,
    wear_percent INTEGER,
    spare_percent INTEGER,
    temperature_sum_c INTEGER NOT NULL,
    temperature_samples INTEGER NOT NULL,
    temperature_max_c INTEGER,
    PRIMARY KEY (disk, day)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE disk_baselines (
    disk INTEGER PRIMARY KEY REFERENCES disks (id),
    at INTEGER NOT NULL,
    reallocated INTEGER,
    uncorrectable INTEGER,
    command_timeouts INTEGER,
    unreadable INTEGER,
    link_errors INTEGER
  ) STRICT;
  `,
  `
  CREATE TABLE grants (
    plan_id TEXT PRIMARY KEY REFERENCES plans (id),
    granted_at INTEGER NOT NULL,
    ended TEXT
  ) STRICT;
  `,
  `
  CREATE TABLE container_limits (
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    container TEXT NOT NULL,
    wanted TEXT NOT NULL,
    until INTEGER,
    PRIMARY KEY (kind, host, container)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE container_use (
    host TEXT NOT NULL,
    container TEXT NOT NULL,
    day INTEGER NOT NULL,
    run TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    cpu_ns INTEGER NOT NULL,
    cpus_peak REAL,
    memory_peak_bytes INTEGER NOT NULL,
    PRIMARY KEY (host, container, day)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE pool_errors (
    pool TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    counts TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE container_lives (
    container TEXT PRIMARY KEY,
    ended_at TEXT NOT NULL,
    events TEXT NOT NULL,
    kept_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
