import { type Lab, registry, until } from "./lab.ts";

const script =
  "until [ -e /tmp/begin ]; do sleep 0.1; done; tail -c 64m /dev/zero; until [ -e /tmp/end ]; do sleep 0.1; done; exit 137";

/**
 * Runs a container of the published "web" that runs out of memory, and ends once its engine has noticed. An engine begins to
 * listen for that a moment after a start, and never learns of what was before; nor, when busy, of what is gone at once.
 * Started again, it ends at once.
 */
export async function runGreedy(lab: Lab, name: string): Promise<void> {
  const limits = ["--memory", "8m", "--entrypoint", "/bin/sh"];
  await lab.docker("run", "-d", "--name", name, ...limits, `${registry}/web`, "-c", script);
  await lab.docker("exec", name, "sh", "-c", ">/tmp/begin");
  const filters = ["--filter", `container=${name}`, "--filter", "event=oom"];
  const noticed = () => lab.docker("events", "--since", "1", "--until", `${Math.floor(Date.now() / 1000)}`, ...filters);
  await until(noticed, (said) => said !== "", 60);
  await lab.docker("exec", name, "sh", "-c", ">/tmp/end");
}
