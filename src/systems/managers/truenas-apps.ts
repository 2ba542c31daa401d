import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import { asJsonObject, type Json, type JsonObject } from "../../shared/json.ts";
import type { TrueNas, TrueNasChanges, TrueNasFeatures } from "../truenas/port.ts";
import type { AppChanges, AppManager, Following, Project, ProjectRef } from "./port.ts";
import { answersIn, composeConfig, composeText } from "./truenas-settings.ts";

const version = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/);
/** From 24.10 on; 27 adds ERROR. */
const app = z.object({
  state: z.enum(["RUNNING", "STOPPED", "DEPLOYING", "STOPPING", "CRASHED", "ERROR"]),
  version,
  upgrade_available: z.boolean(),
  custom_app: z.boolean().default(false),
});
/** 24.04. */
const chart = z.object({
  status: z.enum(["ACTIVE", "DEPLOYING", "STOPPED"]),
  chart_metadata: z.object({ version }),
  update_available: z.boolean(),
});
const summary = z.object({ latest_version: version });
const jobs = z.array(z.object({ method: z.string(), arguments: z.array(z.unknown()) }));

const states = { RUNNING: "running", STOPPED: "stopped", CRASHED: "broken", ERROR: "broken" } as const;
const stateOf = (said: z.infer<typeof app>["state"]): Project["state"] =>
  said === "DEPLOYING" || said === "STOPPING" ? "deploying" : states[said];
const chartStates = { ACTIVE: "running", DEPLOYING: "deploying", STOPPED: "stopped" } as const;

/** TrueNAS's applications: `app.*`, and in 24.04 `chart.release.*`, whose containers no Docker engine knows. */
export function trueNasApps(nas: TrueNas): AppManager {
  async function find(ref: ProjectRef, signal?: AbortSignal) {
    const name = nameOf(ref);
    const { apps } = await nas.features(signal);
    const [found] = parsed(z.array(z.unknown()), await nas.call(`${apps}.query`, [[["id", "=", name]]], signal));
    if (found === undefined)
      throw new StewardError("not_found", `TrueNAS has no app ${name}.`, "Look at its list of apps.");
    if (apps === "app") {
      const { state, upgrade_available, custom_app: custom, ...rest } = parsed(app, found);
      return { name, apps, custom, state: stateOf(state), deployed: rest.version, newer: upgrade_available && !custom };
    }
    const { status, chart_metadata, update_available } = parsed(chart, found);
    return {
      name,
      apps,
      custom: false,
      state: chartStates[status],
      deployed: chart_metadata.version,
      newer: update_available,
    };
  }
  async function config(ref: ProjectRef, signal?: AbortSignal) {
    const { name, apps, custom } = await find(ref, signal);
    mustBeDocker(apps);
    return { custom, said: asJsonObject(await nas.call("app.config", [name], signal)) };
  }
  return {
    keeps: () => true,
    async definition(ref, signal) {
      const { custom, said } = await config(ref, signal);
      if (custom) return composeText(said);
      throw new StewardError(
        "unsupported",
        "This app is made from a chart of TrueNAS's catalogue.",
        "Change its settings.",
      );
    },
    async answers(ref, signal) {
      const { custom, said } = await config(ref, signal);
      return custom ? null : answersIn(said);
    },
    async read(ref, signal) {
      const { name, apps, state, deployed } = await find(ref, signal);
      const running = await nas.call("core.get_jobs", [[["state", "in", ["WAITING", "RUNNING"]]]], signal);
      const busy = parsed(jobs, running).some(
        ({ method, arguments: [first] }) => method.startsWith(`${apps}.`) && first === name,
      );
      return { state, busy, deployed, notes: [] };
    },
    async newer(ref, signal) {
      const { name, apps, newer } = await find(ref, signal);
      if (!newer) return null;
      const asked = apps === "app" ? { app_version: "latest" } : { item_version: "latest" };
      return parsed(summary, await nas.call(`${apps}.upgrade_summary`, [name, asked], signal)).latest_version;
    },
  };
}

/** Each is a job of TrueNAS, followed to its end. */
export function trueNasAppChanges(nas: TrueNas, changing: TrueNasChanges): AppChanges {
  const { read } = trueNasApps(nas);
  async function run(ref: ProjectRef, { signal, onProgress }: Following, asked: Asked): Promise<void> {
    const name = nameOf(ref);
    const { apps } = await nas.features(signal);
    const [verb, ...params] = asked(apps);
    const end = await changing.job(`${apps}.${verb}`, [name, ...params], ({ percent }) => onProgress(percent), signal);
    if (end.state === "success") return;
    const what = `${apps}.${verb} of ${name}`;
    const [message, fix] =
      end.state === "unknown"
        ? [`What became of ${what} is not known: ${end.why}`, "Look at the app in TrueNAS."]
        : [`TrueNAS could not finish ${what}: ${end.why}`, "Its list of jobs says why."];
    throw new StewardError("conflict", message, fix);
  }
  const update = (ref: ProjectRef, following: Following, settings: JsonObject) =>
    run(ref, following, (apps) => {
      mustBeDocker(apps);
      return ["update", settings];
    });
  const start = (ref: ProjectRef, following: Following) =>
    run(ref, following, (apps) => (apps === "app" ? ["start"] : ["scale", { replica_count: 1 }]));
  return {
    start,
    async deploy(ref, text, following) {
      await update(ref, following, { custom_compose_config: await composeConfig(text) });
      // Of one that is stopped it only keeps the file.
      if ((await read(ref, following.signal)).state === "stopped") await start(ref, following);
    },
    answer: (ref, values, following) => update(ref, following, { values }),
    redeploy: (ref, following) => run(ref, following, () => ["redeploy"]),
    upgrade: (ref, to, following) =>
      run(ref, following, (apps) => ["upgrade", apps === "app" ? { app_version: to } : { item_version: to }]),
    // With its snapshot: the newer version may have changed its data in a way that the older one can't read.
    rollBack: (ref, to, following) =>
      run(ref, following, (apps) => [
        "rollback",
        { ...(apps === "app" ? { app_version: to } : { item_version: to }), rollback_snapshot: true },
      ]),
    stop: (ref, following) =>
      run(ref, following, (apps) => (apps === "app" ? ["stop"] : ["scale", { replica_count: 0 }])),
  };
}

function mustBeDocker(apps: TrueNasFeatures["apps"]): void {
  if (apps === "app") return;
  const why = "The apps of TrueNAS 24.04 can't be changed from here.";
  throw new StewardError("unsupported", why, "Update TrueNAS, or edit the app there.");
}

type Asked = (apps: TrueNasFeatures["apps"]) => [verb: string, ...params: Json[]];

/** "ix-plex" is the app plex. */
function nameOf({ project }: ProjectRef): string {
  const name = /^ix-([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)$/.exec(project)?.[1];
  if (name !== undefined) return name;
  throw new StewardError("not_found", "This is no project of a TrueNAS app.", "Look at its list of apps.");
}

function parsed<T extends z.ZodType>(shape: T, answer: unknown): z.output<T> {
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw new StewardError("wrong_answer", "TrueNAS told something of its apps that is not understood.", "Update it.", {
    cause: read.error,
  });
}
