import { composeDown, composeUp, containersOf } from "../docker/compose.ts";
import type { Container } from "../docker/model.ts";
import { fields } from "../docker/model.ts";
import { servicesFor, updated } from "./app-settings.ts";
import type { Jobs } from "./jobs.ts";
import { type App, atLeast, type Entry, type Nas, Refusal, type Value } from "./model.ts";
import { queried } from "./query.ts";
import { entry, type Method, notFound } from "./read.ts";

const find = ({ apps }: Nas, name: Value | undefined): App => {
  const found = apps.find((one) => one.name === name);
  if (found === undefined) throw notFound(`App ${String(name)}`);
  return found;
};
const latest = ({ versions, version }: App) => versions.at(-1)?.version ?? version;
const upgradable = (app: App) => !app.custom && latest(app) !== app.version;
const project = ({ name }: App) => `ix-${name}`;

/** Brings the containers of the app's version up, as middlewared has docker compose do it: always anew. */
export function up({ engine }: Nas, app: App, pull: boolean): void {
  const file = `/mnt/.ix-apps/app_configs/${app.name}/versions/${app.version}/templates/rendered/docker-compose.yaml`;
  if (engine !== null)
    composeUp(engine, { name: project(app), file, services: servicesFor(app) }, { force: true, pull });
  app.running = true;
}

function down({ engine }: Nas, app: App): void {
  if (engine !== null) composeDown(engine, project(app));
  app.running = false;
}

/** Where a container is in TrueNAS's own words (app.query's container_details). */
function healthOf(
  { run, config, image }: Container,
  now: number,
  after_ms: number,
): "running" | "starting" | "exited" | "crashed" {
  if (run.status === "running") {
    if (config.Healthcheck == null) return "running";
    if (now < run.started_ms + after_ms) return "starting";
    return image.behaviour.health === "healthy" ? "running" : "crashed";
  }
  return run.exit_code === 0 ? "exited" : "crashed";
}

function workloads({ engine, release }: Nas, app: App): { state: string; active: Entry } {
  const containers = engine === null ? [] : containersOf(engine, project(app));
  const details = containers.map((one) => ({
    id: one.id,
    service_name: String(fields(one.config.Labels)["com.docker.compose.service"]),
    image: one.config.Image,
    port_config: [],
    state: healthOf(one, engine?.now() ?? 0, engine?.health_after_ms ?? 0),
    volume_mounts: [],
  }));
  const any = (state: string) => details.some((one) => one.state === state);
  const whole = any("crashed") ? "CRASHED" : any("starting") ? "DEPLOYING" : "RUNNING";
  return {
    state: app.running ? whole : "STOPPED",
    active: {
      containers: details.length,
      used_ports: [],
      // 24.10 knows no crashed ones.
      container_details: details.map((one) =>
        atLeast(release, "25.04") || one.state !== "crashed" ? one : { ...one, state: "exited" },
      ),
      volumes: [],
      images: details.map(({ image }) => image),
      networks: [],
      ...(atLeast(release, "25.10") ? { used_host_ips: [] } : {}),
    },
  };
}

function appEntry(nas: Nas, app: App): Entry {
  const { release } = nas;
  const { state, active } = workloads(nas, app);
  return {
    name: app.name,
    id: app.name,
    state,
    upgrade_available: upgradable(app),
    ...(atLeast(release, "25.04") ? { latest_version: latest(app) } : {}),
    ...(atLeast(release, "26") ? { latest_app_version: latest(app), action_required: false } : {}),
    image_updates_available: false,
    custom_app: app.custom,
    migrated: false,
    human_version: app.version,
    version: app.version,
    metadata: {},
    active_workloads: active,
    notes: null,
    portals: {},
  };
}

const chartEntry = (app: App): Entry => ({
  name: app.name,
  id: app.name,
  status: app.running ? "ACTIVE" : "STOPPED",
  pod_status: { desired: app.running ? 1 : 0, available: app.running ? 1 : 0 },
  update_available: upgradable(app),
  container_images_update_available: false,
  human_version: app.version,
  human_latest_version: latest(app),
  version: 1 + app.had.length,
  chart_metadata: { name: app.name, version: app.version, latest_chart_version: latest(app) },
  catalog: "TRUENAS",
  catalog_train: "community",
  namespace: project(app),
  dataset: `apps/ix-applications/releases/${app.name}`,
  path: `/mnt/apps/ix-applications/releases/${app.name}`,
  used_ports: [],
});

function summary(nas: Nas, [name]: readonly Value[]): Value {
  const app = find(nas, name);
  if (!upgradable(app)) throw new Refusal("EFAULT", `No upgrade available for '${app.name}'`);
  const to = latest(app);
  const versions = { latest_version: to, latest_human_version: to, upgrade_version: to, upgrade_human_version: to };
  const available = { available_versions_for_upgrade: [{ version: to, human_version: to }], changelog: null };
  return atLeast(nas.release, "24.10")
    ? { ...versions, ...available }
    : {
        ...versions,
        ...available,
        image_update_available: false,
        item_update_available: true,
        container_images_to_update: {},
      };
}

/** What a job does once it has come to its end; it fails as this throws. */
function job(jobs: Jobs, method: string, params: readonly Value[], work: () => void): number {
  const step = (percent: number) => {
    if (percent === 100) work();
  };
  return jobs.begin(method, params, { step, result: null, abort: () => {} });
}

/** What both kinds of apps do, under the names of their release. */
function verbs(jobs: Jobs, prefix: "app" | "chart.release", versionKey: string): Record<string, Method["answer"]> {
  return {
    upgrade(nas, params) {
      const app = find(nas, params[0]);
      const asked = entry(params[1])[versionKey] ?? "latest";
      const to = asked === "latest" ? latest(app) : String(asked);
      if (!app.running && prefix === "app") throw new Refusal("EFAULT", "App must not be in stopped state to upgrade");
      if (!upgradable(app)) throw new Refusal("EINVAL", `No upgrade available for '${app.name}'`);
      if (!app.versions.some(({ version }) => version === to))
        throw new Refusal("EINVAL", `Unable to locate '${to}' version`, "options.app_version");
      return job(jobs, `${prefix}.upgrade`, params, () => {
        app.had.push(app.version);
        app.version = to;
        up(nas, app, true);
      });
    },
    rollback(nas, params) {
      const app = find(nas, params[0]);
      const to = String(entry(params[1])[versionKey]);
      if (!app.running && prefix === "app") throw new Refusal("EFAULT", "App must not be in stopped state to rollback");
      if (!app.had.includes(to))
        throw new Refusal("EINVAL", "Specified version is not available for rollback", "options");
      return job(jobs, `${prefix}.rollback`, params, () => {
        app.version = to;
        app.had = app.had.filter((one) => one !== to);
        up(nas, app, false);
      });
    },
    redeploy: (nas, params) => {
      const app = find(nas, params[0]);
      return job(jobs, `${prefix}.redeploy`, params, () => up(nas, app, false));
    },
  };
}

export const appReading: readonly Method[] = [
  {
    name: "app.query",
    since: "24.10",
    answer: (nas, params) =>
      queried(
        nas.apps.map((one) => appEntry(nas, one)),
        params,
      ),
  },
  { name: "app.config", since: "24.10", answer: (nas, [name]) => find(nas, name).config ?? {} },
  { name: "app.upgrade_summary", since: "24.10", answer: summary },
  { name: "chart.release.query", until: "24.10", answer: (nas, params) => queried(nas.apps.map(chartEntry), params) },
  { name: "chart.release.upgrade_summary", until: "24.10", answer: summary },
];

/** Applications as 24.10 and later run them with Docker, and as 24.04 has them in its cluster. */
export function appChanges(jobs: Jobs): readonly Method[] {
  const named = (prefix: "app" | "chart.release", key: string, since: object) =>
    Object.entries(verbs(jobs, prefix, key)).map(([verb, answer]) => ({ name: `${prefix}.${verb}`, ...since, answer }));
  const power =
    (on: boolean): Method["answer"] =>
    (nas, params) => {
      const app = find(nas, params[0]);
      return job(jobs, `app.${on ? "start" : "stop"}`, params, () => (on ? up(nas, app, false) : down(nas, app)));
    };
  // One that is stopped stays so.
  const update: Method["answer"] = (nas, params) => {
    const app = find(nas, params[0]);
    return job(jobs, "app.update", params, () => {
      app.config = updated(app, entry(params[1]));
      if (app.running) up(nas, app, false);
    });
  };
  const scale: Method["answer"] = (nas, params) => {
    const app = find(nas, params[0]);
    const on = Number(entry(params[1]).replica_count) > 0;
    return job(jobs, "chart.release.scale", params, () => (on ? up(nas, app, false) : down(nas, app)));
  };
  return [
    ...named("app", "app_version", { since: "24.10" }),
    ...named("chart.release", "item_version", { until: "24.10" }),
    { name: "app.update", since: "24.10", answer: update },
    { name: "app.start", since: "24.10", answer: power(true) },
    { name: "app.stop", since: "24.10", answer: power(false) },
    { name: "chart.release.scale", until: "24.10", answer: scale },
  ];
}
