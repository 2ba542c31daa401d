import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import type { TrueNas, TrueNasChanges, TrueNasFeatures } from "../truenas/port.ts";
import type { AppChanges, AppManager, Following, Project, ProjectRef } from "./port.ts";
import { commonAnswers, withinGroups } from "./truenas-answers.ts";

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
const settings = z.record(z.string(), z.json());
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
  return {
    keeps: () => true,
    async definition(ref, signal) {
      const { name, apps, custom } = await find(ref, signal);
      const said = await settingsOf(nas, apps, name, signal);
      // It brings a parser of YAML along, which a start does not need.
      const { writeYaml } = await import("../../shared/yaml.ts");
      const text = writeYaml(custom ? said : commonAnswers(said));
      if (!text.includes(redaction)) return text;
      const fix = "Give the API key's user the role APPS_WRITE.";
      throw new StewardError("unsupported", "TrueNAS hides values of this app's file from this API key.", fix);
    },
    async read(ref, signal) {
      const { name, apps, custom, state, deployed } = await find(ref, signal);
      const running = await nas.call("core.get_jobs", [[["state", "in", ["WAITING", "RUNNING"]]]], signal);
      const busy = parsed(jobs, running).some(
        ({ method, arguments: [first] }) => method.startsWith(`${apps}.`) && first === name,
      );
      return { state, busy, deployed, ...(!custom && { from_chart: true as const }), notes: [] };
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
    // Of settings that it does not take, TrueNAS quotes what they say.
    const why = verb === "update" ? "." : `: ${end.why}`;
    const [message, fix] =
      end.state === "unknown"
        ? [`What became of ${what} is not known: ${end.why}`, "Look at the app in TrueNAS."]
        : [`TrueNAS could not finish ${what}${why}`, "Its list of jobs says why."];
    throw new StewardError("conflict", message, fix);
  }
  const start = (ref: ProjectRef, following: Following) =>
    run(ref, following, (apps) => (apps === "app" ? ["start"] : ["scale", { replica_count: 1 }]));
  return {
    start,
    async deploy(ref, text, following) {
      const { signal } = following;
      const { readYaml } = await import("../../shared/yaml.ts");
      const said = readYaml(text);
      const { from_chart } = await read(ref, signal);
      const { apps } = await nas.features(signal);
      const now = await settingsOf(nas, apps, nameOf(ref), signal);
      const asked = from_chart ? { values: withinGroups(said, now) } : { custom_compose_config: said };
      await run(ref, following, () => ["update", asked]);
      // Of one that is stopped it only keeps them.
      if ((await read(ref, signal)).state === "stopped") await start(ref, following);
    },
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

/** What it is made by: a compose file, or the answers to its chart's questions. May hold secrets. */
async function settingsOf(nas: TrueNas, apps: TrueNasFeatures["apps"], name: string, signal?: AbortSignal) {
  if (apps === "app") return parsed(settings, await nas.call("app.config", [name], signal));
  const why = "The settings of an app of TrueNAS 24.04 can't be changed from here.";
  throw new StewardError("unsupported", why, "Update TrueNAS, or edit the app there.");
}

/** What TrueNAS writes in place of a secret for those who may not see it. */
const redaction = "********";

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
