import { z } from "zod";
import type { Engine } from "./engine.ts";
import { safeImage, safeName } from "./names.ts";
import type { DockerChanges } from "./port.ts";
import { pulling } from "./pull.ts";

const created = z.looseObject({ Id: z.string().regex(/^[0-9a-f]{64}$/) });
const stopTimeout = z.looseObject({ Config: z.looseObject({ StopTimeout: z.number().nullish() }) });
/** Docker's own, where a container says nothing else. */
const defaultStopSeconds = 10;

/** Everything approved steps may do to an engine. Names and ids only, each checked before it enters a path. */
export function changing(engine: Engine): DockerChanges {
  const { change_ms, read_ms, stop_margin_ms } = engine.deadlines;
  const container = (name: string, action: string) => `/containers/${safeName(name)}${action}`;
  const post = (path: string, query = {}, body?: object) =>
    engine.done({ method: "POST", path, query, ...(body && { body }), deadline_ms: change_ms });

  async function halt(name: string, action: "/stop" | "/restart", timeoutSeconds: number | undefined) {
    const t = timeoutSeconds ?? (await ownStopSeconds(name));
    const query = timeoutSeconds === undefined ? {} : { t };
    const start_ms = action === "/restart" ? change_ms : 0;
    const deadline_ms = t * 1000 + stop_margin_ms + start_ms;
    await engine.done({ method: "POST", path: container(name, action), query, deadline_ms });
  }
  async function ownStopSeconds(name: string): Promise<number> {
    const { Config } = await engine.json({ path: container(name, "/json"), deadline_ms: read_ms }, stopTimeout);
    return Config.StopTimeout ?? defaultStopSeconds;
  }

  return {
    pull: pulling(engine),
    tag: (image, repository, tag) => post(`/images/${safeImage(image)}/tag`, { repo: safeImage(repository), tag }),
    async create(name, body) {
      const request = { method: "POST", path: "/containers/create", deadline_ms: change_ms } as const;
      return (await engine.json({ ...request, query: { name: safeName(name) }, body }, created)).Id;
    },
    connect: (network, name, endpoint) =>
      post(`/networks/${safeName(network)}/connect`, {}, { Container: safeName(name), EndpointConfig: endpoint }),
    disconnect: (network, name) => post(`/networks/${safeName(network)}/disconnect`, {}, { Container: safeName(name) }),
    rename: (name, to) => post(container(name, "/rename"), { name: safeName(to) }),
    start: (name) => post(container(name, "/start")),
    stop: (name, timeoutSeconds) => halt(name, "/stop", timeoutSeconds),
    restart: (name, timeoutSeconds) => halt(name, "/restart", timeoutSeconds),
    restartPolicy: (name, policy) => post(container(name, "/update"), {}, { RestartPolicy: policy }),
    // Key by key: a stored plan's object must not carry others of HostConfig along.
    limit: (name, { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota }) =>
      post(container(name, "/update"), {}, { Memory, MemorySwap, NanoCpus, CpuPeriod, CpuQuota }),
    remove: (name) =>
      engine.done({
        method: "DELETE",
        path: container(name, ""),
        query: { v: false, force: false },
        deadline_ms: change_ms,
      }),
  };
}
