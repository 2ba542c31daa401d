import type { Jobs } from "./jobs.ts";
import { guidOf, type Nas, type Node, type Pool, Refusal, type Snapshot, type Value } from "./model.ts";
import { entry, type Method, notFound } from "./read.ts";
import { identifierOf, leavesOf, snapshotEntry } from "./render.ts";

const snapshotOf = (nas: Nas, id: Value | undefined): Snapshot => {
  const found = nas.snapshots.find(({ dataset, name }) => `${dataset}@${name}` === id);
  if (found === undefined) throw notFound(`snapshot ${String(id)}`);
  return found;
};
const idOf = ({ dataset, name }: Snapshot) => `${dataset}@${name}`;

/** What both names of the snapshot methods do. */
const snapshotVerbs: Record<string, Method["answer"]> = {
  create(nas, [data]) {
    const { dataset, name, recursive } = entry(data);
    const root = nas.datasets.find((one) => one.name === dataset);
    if (root === undefined)
      throw new Refusal("EINVAL", `dataset not found: ${String(dataset)}`, "snapshot_create.dataset");
    const of = nas.datasets.filter(
      (one) => one === root || (recursive === true && one.name.startsWith(`${root.name}/`)),
    );
    const made = of.map((one) => newSnapshot(nas, one.name, one.referenced_bytes, String(name)));
    const taken = made.find((one) => nas.snapshots.some((other) => idOf(other) === idOf(one)));
    if (taken !== undefined) throw new Refusal("EEXIST", `Failed to snapshot ${root.name}: dataset already exists`);
    nas.snapshots.push(...made);
    const [first] = made;
    return first === undefined ? null : snapshotEntry(nas, first, { holds: false, properties: true });
  },
  hold(nas, [id]) {
    snapshotOf(nas, id).holds.push("truenas");
    return null;
  },
  release(nas, [id]) {
    // Of whatever tag they are.
    snapshotOf(nas, id).holds = [];
    return null;
  },
  delete(nas, [id]) {
    const snapshot = snapshotOf(nas, id);
    const clone = nas.datasets.find(({ origin }) => origin === id);
    if (clone !== undefined)
      throw new Refusal("EFAULT", `Failed to delete snapshot: snapshot has dependent clones: ${clone.name}`);
    if (snapshot.holds.length > 0) throw new Refusal("EBUSY", `cannot destroy snapshot ${String(id)}: dataset is busy`);
    nas.snapshots = nas.snapshots.filter((one) => one !== snapshot);
    return true;
  },
  clone(nas, [data]) {
    const { snapshot: id, dataset_dst } = entry(data);
    const snapshot = snapshotOf(nas, id);
    const origin = nas.datasets.find(({ name }) => name === snapshot.dataset);
    if (origin === undefined) throw notFound(snapshot.dataset);
    if (nas.datasets.some(({ name }) => name === dataset_dst))
      throw new Refusal("EEXIST", "cannot create clone: dataset already exists");
    nas.datasets.push({ ...origin, name: String(dataset_dst), origin: idOf(snapshot), used_bytes: 0, quota_bytes: 0 });
    return true;
  },
  rollback(nas, [id, options]) {
    const snapshot = snapshotOf(nas, id);
    const newer = nas.snapshots.filter((one) => one.dataset === snapshot.dataset && one.txg > snapshot.txg);
    if (newer.length > 0 && entry(options).recursive !== true)
      throw new Refusal("EFAULT", "cannot rollback: more recent snapshots or bookmarks exist");
    nas.snapshots = nas.snapshots.filter((one) => !newer.includes(one));
    const dataset = nas.datasets.find(({ name }) => name === snapshot.dataset);
    if (dataset !== undefined) dataset.referenced_bytes = snapshot.referenced_bytes;
    return null;
  },
};

function newSnapshot(nas: Nas, dataset: string, referenced_bytes: number, name: string): Snapshot {
  const created = new Date(Math.floor(nas.now() / 1000) * 1000);
  const txg = Math.max(5_000_000, ...nas.snapshots.map((one) => one.txg)) + 1;
  return {
    dataset,
    name,
    guid: guidOf(`${dataset}@${name} ${txg}`),
    created,
    used_bytes: 0,
    referenced_bytes,
    holds: [],
    txg,
  };
}

function leafOf(nas: Nas, id: Value | undefined, label: Value | undefined): { pool: Pool; leaf: Node } {
  const pool = nas.pools.find((one) => one.id === id);
  if (pool === undefined) throw notFound(`Pool ${String(id)}`);
  const leaf = leavesOf(Object.values(pool.topology).flat()).find(({ guid }) => guid === label);
  if (leaf === undefined) throw new Refusal("EINVAL", `Label ${String(label)} not found.`, "options.label");
  return { pool, leaf };
}

const power =
  (status: "ONLINE" | "OFFLINE"): Method["answer"] =>
  (nas, [id, options]) => {
    const { pool, leaf } = leafOf(nas, id, entry(options).label);
    const group = Object.values(pool.topology)
      .flat()
      .find((one) => leavesOf([one]).includes(leaf));
    const down = group?.children.filter((one) => one !== leaf && one.status !== "ONLINE").length ?? 0;
    const spare = { MIRROR: (group?.children.length ?? 1) - 1, RAIDZ1: 1, RAIDZ2: 2, DISK: 0 }[group?.type ?? "DISK"];
    if (status === "OFFLINE" && down >= spare)
      throw new Refusal("EFAULT", `cannot offline ${leaf.guid}: no valid replicas`);
    leaf.status = status;
    return true;
  };

const service =
  (running: boolean): Method["answer"] =>
  (nas, [name]) => {
    serviceOf(nas, name).running = running;
    return running;
  };

function serviceOf(nas: Nas, name: Value | undefined) {
  const found = nas.services.find((one) => one.name === name);
  if (found === undefined) throw new Refusal("EINVAL", `No such service: ${String(name)}`, "service");
  return found;
}

/** What the simulated middleware does to itself. Jobs answer their number. */
export function changingMethods(jobs: Jobs): readonly Method[] {
  const snapshots = Object.entries(snapshotVerbs).flatMap(([verb, answer]): Method[] => [
    { name: `zfs.snapshot.${verb}`, until: "25.10", answer },
    { name: `pool.snapshot.${verb}`, since: "25.10", answer },
  ]);
  return [
    ...snapshots,
    { name: "pool.dataset.delete", answer: deleteDataset },
    { name: "pool.offline", answer: power("OFFLINE") },
    { name: "pool.online", answer: power("ONLINE") },
    { name: "pool.scrub.scrub", answer: (nas, params) => scrub(nas, jobs, params) },
    { name: "pool.replace", answer: (nas, params) => replace(nas, jobs, params) },
    { name: "service.start", until: "26", answer: service(true) },
    { name: "service.stop", until: "26", answer: service(false) },
    { name: "service.restart", until: "26", answer: service(true) },
    { name: "service.control", since: "25.10", answer: (nas, params) => control(nas, jobs, params) },
    { name: "alert.dismiss", answer: dismiss },
    {
      name: "core.job_abort",
      answer: (_, [id]) => {
        jobs.abort(Number(id));
        return null;
      },
    },
  ];
}

function deleteDataset(nas: Nas, [id]: readonly Value[]): Value {
  const found = nas.datasets.find(({ name }) => name === id);
  if (found === undefined) throw notFound(`PoolDataset ${String(id)}`);
  if (nas.datasets.some(({ name }) => name.startsWith(`${found.name}/`)))
    throw new Refusal("EBUSY", "Failed to delete dataset: cannot destroy: filesystem has children");
  nas.datasets = nas.datasets.filter((one) => one !== found);
  nas.snapshots = nas.snapshots.filter(({ dataset }) => dataset !== id);
  return true;
}

function dismiss(nas: Nas, [uuid]: readonly Value[]): Value {
  const alert = nas.alerts.find((one) => one.uuid === uuid);
  if (alert !== undefined) alert.dismissed = true;
  return null;
}

function control(nas: Nas, jobs: Jobs, params: readonly Value[]): Value {
  const [verb, name] = params;
  const found = serviceOf(nas, name);
  const step = (percent: number) => {
    if (percent === 100) found.running = verb !== "STOP";
  };
  return jobs.begin("service.control", params, { step, result: true, abort: () => {} });
}

/** START's job lasts as long as the scrub; STOP and PAUSE are over at once and end or still it. */
function scrub(nas: Nas, jobs: Jobs, params: readonly Value[]): Value {
  const [name, action = "START"] = params;
  const pool = nas.pools.find((one) => one.name === name);
  if (pool === undefined) throw notFound(`Pool ${String(name)}`);
  const running = jobs.running("pool.scrub.scrub", pool.name);
  const now = () => new Date(nas.now());
  const { scan } = pool;
  if (action !== "START") {
    if (scan?.state !== "SCANNING") throw new Refusal("EFAULT", "cannot stop scrubbing: there is no active scrub");
    if (action === "PAUSE") scan.paused = now();
    else Object.assign(scan, { state: "CANCELED", ended: now() });
    // The job that began it has nothing left to follow, and ends.
    if (running !== null) jobs.finish(running);
    const id = jobs.begin("pool.scrub.scrub", params, { step: () => {}, result: null, abort: () => {} });
    jobs.finish(id);
    return id;
  }
  if (scan?.state === "SCANNING" && scan.paused === null) throw new Refusal("EBUSY", "Scrub is already in progress");
  const begun: NonNullable<Pool["scan"]> =
    scan?.state === "SCANNING"
      ? Object.assign(scan, { paused: null })
      : { function: "SCRUB", state: "SCANNING", started: now(), ended: null, paused: null, percent: 0, errors: 0 };
  pool.scan = begun;
  const step = (percent: number) => {
    if (begun.paused !== null || begun.state !== "SCANNING") return;
    begun.percent = Math.min(percent, 99.99);
    if (percent === 100) Object.assign(begun, { state: "FINISHED", ended: now() });
  };
  return jobs.begin("pool.scrub.scrub", params, { step, result: null, abort: () => {} });
}

function replace(nas: Nas, jobs: Jobs, params: readonly Value[]): Value {
  const [id, options] = params;
  const { label, disk: identifier } = entry(options);
  const { pool, leaf } = leafOf(nas, id, label);
  const disk = nas.disks.find((one) => identifierOf(one) === identifier);
  if (disk === undefined || disk.pool !== null) throw new Refusal("EINVAL", "Disk not found.", "options.disk");
  if (disk.partitions) throw new Refusal("EINVAL", "Disk is not clean, partitions were found.", "options.force");
  const step = (percent: number) => {
    if (percent < 100) return;
    for (const old of nas.disks) if (old.name === leaf.disk) old.pool = null;
    const started = new Date(nas.now());
    disk.pool = pool.name;
    Object.assign(leaf, {
      disk: disk.name,
      name: `part-${disk.name}`,
      guid: guidOf(`leaf ${disk.name}`),
      status: "ONLINE",
    });
    pool.scan = {
      function: "RESILVER",
      state: "FINISHED",
      started,
      ended: started,
      paused: null,
      percent: 100,
      errors: 0,
    };
  };
  return jobs.begin("pool.replace", params, { step, result: true, abort: () => {} });
}
