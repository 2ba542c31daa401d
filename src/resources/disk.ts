import { asJsonObject } from "../shared/json.ts";
import { describeDisk, readDisks } from "../tools/storage/read-disks.ts";
import type { Resource } from "./define.ts";
import { diskHostsStarting, diskMark } from "./disks.ts";

/** One disk with the verdict on it. */
export const diskResource: Resource = {
  name: "disk",
  title: "One disk",
  description: "One disk in full: what it says of itself, its counters' verdict with the evidence, the last 90 days.",
  template: "disk://{host}/{disk}",
  needs: ["smart"],
  async list({ systems, signal }) {
    const answers = await systems.smart.each((smart) => smart.disks(signal));
    return answers.flatMap((answer) =>
      answer.ok
        ? answer.value.map(({ name }) => ({ uri: `disk://${answer.host}/${name}`, name: `${name} of ${answer.host}` }))
        : [],
    );
  },
  complete: {
    host: diskHostsStarting,
    async disk(typed, { host }, { systems, signal }) {
      const answers = await systems.smart.each((smart) => smart.disks(signal), host);
      const names = answers.flatMap((answer) => (answer.ok ? answer.value.map(({ name }) => name) : []));
      return [...new Set(names)].filter((name) => name.startsWith(typed)).sort();
    },
  },
  async mark({ host, disk }, context) {
    const { system, host: named } = context.systems.smart.one(host);
    const [seen] = await readDisks(system, named, context, disk);
    if (seen === undefined || seen.reading.state === "standby") return null;
    const { smart, last_self_test, self_test_remaining_percent } = describeDisk(named, seen);
    return { ...diskMark(named, seen), smart, last_self_test, self_test_remaining_percent };
  },
  async read({ host, disk = "" }, context) {
    const { system, host: named } = context.systems.smart.one(host);
    const [seen] = await readDisks(system, named, context, disk);
    if (seen === undefined) throw new Error("readDisks answers with at least one disk");
    const { assessment, history } = seen;
    return asJsonObject({ ...describeDisk(named, seen), verdict: assessment, days: history.slice(-90) });
  },
};
