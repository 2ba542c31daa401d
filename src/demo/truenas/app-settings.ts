import type { Service } from "../docker/compose.ts";
import { servicesOf } from "../docker/compose-file.ts";
import { fields } from "../docker/model.ts";
import { type App, type Entry, Refusal, type Value } from "./model.ts";
import { entry } from "./read.ts";

/** What an app's containers are made from: its owner's compose file, or the chart and the answers to its questions. */
export function servicesFor(app: App): readonly Service[] {
  if (app.custom && app.config !== undefined) return servicesOf(app.config);
  const services = app.versions.find(({ version }) => version === app.version)?.services ?? [];
  const { run_as, resources } = entry(app.config);
  const { user, group } = entry(run_as);
  const { cpus, memory } = entry(entry(resources).limits);
  return services.map((service) => ({
    ...service,
    create: {
      ...service.create,
      ...(user === undefined ? {} : { User: `${user}:${group}` }),
      HostConfig: {
        ...fields(service.create?.HostConfig),
        ...(cpus === undefined ? {} : { NanoCpus: Number(cpus) * 1e9 }),
        ...(memory === undefined ? {} : { Memory: Number(memory) * 2 ** 20 }),
      },
    },
  }));
}

/** What `app.update` makes of an app's settings. Groups of answers are exchanged whole: what is not sent with one is gone. */
export function updated({ custom, config }: App, asked: Entry): Entry {
  if (!custom) {
    const answers = { ...config, ...entry(asked.values) };
    for (const value of Object.values(entry(entry(answers.resources).limits)))
      if (!Number.isInteger(value)) throw refused("values.resources.limits", "Input should be a valid integer");
    return { ...answers, ix_context: { operation: "UPDATE", is_update: true, scale_version: "demo" } };
  }
  const file = entry(asked.custom_compose_config);
  if (Object.keys(file).length === 0) throw refused("custom_compose_config", "This field is required");
  return byName(file);
}

const refused = (field: string, why: string) => new Refusal("EINVAL", why, `app_update.${field}`);

/** Its file of YAML is written so. */
function byName(file: Entry): Entry {
  const inner = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === "object" && value !== null ? byName(entry(value)) : value;
  };
  const pairs = Object.entries(file).map(([name, value]): [string, Value] => [name, inner(value)]);
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
