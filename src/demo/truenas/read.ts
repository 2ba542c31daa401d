import { atLeast, type Entry, type Nas, Refusal, type Release, type Value } from "./model.ts";
import { queried } from "./query.ts";
import { datasetEntry, diskEntry, poolEntry, snapshotEntry } from "./render.ts";

type Answer = (nas: Nas, params: readonly Value[]) => Value;

/** A method, and the releases that have it. */
export interface Method {
  name: string;
  since?: Release;
  /** The first release without it. */
  until?: Release;
  answer: Answer;
}

export const isIn = ({ since, until }: Omit<Method, "answer" | "name">, release: Release): boolean =>
  (since === undefined || atLeast(release, since)) && (until === undefined || !atLeast(release, until));

const isEntry = (value: Value | undefined): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
export const entry = (value: Value | undefined): Entry => (isEntry(value) ? value : {});
const extraOf = (params: readonly Value[]): Entry => entry(entry(params[1]).extra);

const versions: Record<Release, string> = {
  "24.04": "TrueNAS-SCALE-24.04.2.4",
  "24.10": "TrueNAS-SCALE-24.10.2.4",
  "25.04": "25.04.2.6",
  "25.10": "25.10.1",
  "26": "26.0.0",
};

const snapshots: Answer = (nas, params) => {
  const extra = extraOf(params);
  const options = {
    holds: extra.holds === true,
    properties: extra.properties === undefined || extra.properties === null,
  };
  // Without `extra.properties` they come whole; a list of names is honoured.
  const wanted = Array.isArray(extra.properties) ? extra.properties.map(String) : null;
  const all = nas.snapshots.map((one) => {
    const whole = snapshotEntry(nas, one, { ...options, properties: options.properties || wanted !== null });
    if (wanted === null) return whole;
    const chosen = Object.entries(entry(whole.properties)).filter(([name]) => wanted.includes(name));
    return { ...whole, properties: Object.fromEntries(chosen) };
  });
  return queried(all, params);
};

export const readingMethods: readonly Method[] = [
  { name: "core.ping", answer: () => "pong" },
  { name: "system.info", answer: info },
  {
    name: "pool.query",
    answer: (nas, params) =>
      queried(
        nas.pools.map((one) => poolEntry(nas, one)),
        params,
      ),
  },
  {
    name: "disk.query",
    answer: (nas, params) =>
      queried(
        nas.disks.map((one) => diskEntry(nas, one, extraOf(params).pools === true)),
        params,
      ),
  },
  { name: "pool.dataset.query", answer: datasets },
  { name: "zfs.snapshot.query", until: "25.10", answer: snapshots },
  { name: "pool.snapshot.query", since: "25.10", answer: snapshots },
  { name: "pool.snapshottask.query", answer: (nas, params) => queried(tasks(nas), params) },
  { name: "alert.list", answer: alerts },
  { name: "service.query", answer: (nas, params) => queried(services(nas), params) },
];

function info({ release, hostname, now }: Nas): Entry {
  const at = new Date(now());
  return {
    version: versions[release],
    buildtime: new Date(1_764_000_000_000),
    hostname,
    physmem: 67_430_727_680,
    model: "Demo CPU",
    cores: 12,
    physical_cores: 6,
    loadavg: [0.42, 0.38, 0.31],
    uptime: "9 days, 3:14:07",
    uptime_seconds: 789_247.5,
    system_serial: null,
    system_product: null,
    system_product_version: null,
    license: atLeast(release, "25.04") ? null : {},
    boottime: new Date(at.getTime() - 789_247_000),
    datetime: at,
    timezone: "Europe/Berlin",
    system_manufacturer: null,
    ecc_memory: true,
  };
}

/** Flat with the children in each again, as the middleware does it unless it is told otherwise. */
function datasets(nas: Nas, params: readonly Value[]): Value {
  const { flat, retrieve_children } = extraOf(params);
  const alone = retrieve_children === false;
  const shown = flat === false ? nas.datasets.filter(({ name }) => !name.includes("/")) : nas.datasets;
  return queried(
    shown.map((one) => datasetEntry(nas, one, alone)),
    params,
  );
}

function tasks({ tasks: all }: Nas): Entry[] {
  return all.map(({ id, dataset, recursive, enabled, hour, minute }) => ({
    id,
    dataset,
    recursive,
    enabled,
    lifetime_value: 2,
    lifetime_unit: "WEEK",
    exclude: [],
    naming_schema: "auto-%Y-%m-%d_%H-%M",
    allow_empty: true,
    schedule: { minute, hour, dom: "*", month: "*", dow: "*", begin: "00:00", end: "23:59" },
    vmware_sync: false,
    state: { state: "FINISHED" },
  }));
}

function alerts({ alerts: all }: Nas): Entry[] {
  return all.map(({ uuid, klass, level, text, since, dismissed }) => ({
    uuid,
    source: "ZpoolCapacity",
    klass,
    args: { volume: "media", capacity: 81 },
    node: "Controller A",
    key: '["media"]',
    datetime: since,
    last_occurrence: since,
    dismissed,
    mail: null,
    text,
    id: uuid,
    level,
    formatted: text,
    one_shot: false,
  }));
}

const services = ({ services: all }: Nas): Entry[] =>
  all.map(({ id, name, running, enabled }) => ({
    id,
    service: name,
    enable: enabled,
    state: running ? "RUNNING" : "STOPPED",
    pids: running ? [1000 + id] : [],
  }));

export const notFound = (what: string): Refusal => new Refusal("ENOENT", `None: ${what} does not exist`);
