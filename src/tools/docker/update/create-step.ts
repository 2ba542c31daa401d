import { z } from "zod";
import { gained } from "../../../analysis/updates/gained.ts";
import { changedEnv, ownersEnv } from "../../../analysis/updates/inherit.ts";
import { parseReference } from "../../../analysis/updates/reference.ts";
import { StewardError } from "../../../shared/errors.ts";
import { asJsonObject, type JsonObject } from "../../../shared/json.ts";
import type { Docker, DockerChanges } from "../../../systems/docker/port.ts";
import { step } from "../../define.ts";
import { inspected } from "../find.ts";

const fields = z.record(z.string(), z.json());
const body = z.looseObject({ Image: z.string(), Labels: z.record(z.string(), z.string()).optional() });
const args = z.object({
  host: z.string(),
  name: z.string(),
  temporary: z.string(),
  image: z.string(),
  image_id_labels: z.array(z.string()),
  /** Without an environment: a plan is kept and shown, and that may hold secrets. */
  body: fields,
  /** Variables that the old container has and the new one does not get. */
  without_env: z.array(z.string()),
  /** Variables that it gets, by name: none of them is secret. */
  with_env: z.record(z.string(), z.string()),
  connect: z.array(z.object({ network: z.string(), endpoint: fields })),
});

/**
 * Makes the new container under a passing name and connects its networks; it is not started yet. Its environment is that
 * of the old one as it is now.
 */
export const create = step({
  args,
  async does(
    { host, name, temporary, image, image_id_labels, body: asked, without_env, with_env, connect },
    { changes, systems },
  ) {
    const docker = systems.docker.one(host).system;
    const change = changes.docker.one(host).system;
    const old = await docker.inspect(name);
    const [was, wanted] = await Promise.all([docker.image(old.Image), docker.image(image)]);
    const more = gained(old, asJsonObject(asked));
    if (more.length > 0)
      throw new StewardError(
        "refused",
        `The new ${name} would get ${more.join(", ")}.`,
        "Nothing was changed. Plan it again.",
      );
    if (was.Architecture !== wanted.Architecture || was.Os !== wanted.Os)
      throw new StewardError(
        "unsupported",
        `The new image of ${name} is for another kind of machine.`,
        "Update it by hand, naming its platform.",
      );

    const { Image, Labels, ...rest } = body.parse(asked);
    const relabelled = { ...Labels, ...Object.fromEntries(image_id_labels.map((label) => [label, wanted.Id])) };
    const env = changedEnv(ownersEnv(old.Config, was.Config ?? {}), without_env, with_env);
    const request = asJsonObject({
      ...rest,
      Image,
      ...(env.length > 0 && { Env: env }),
      ...((Labels || image_id_labels.length > 0) && { Labels: relabelled }),
    });
    const id = await createOn(docker, change, wanted.Id, temporary, Image, request);
    for (const { network, endpoint } of connect) await change.connect(network, temporary, endpoint);
    return { container_id: id, image_id: wanted.Id };
  },
  async undoes({ host, temporary }, _outcome, { changes, systems }) {
    const left = await inspected(systems.docker.one(host).system, temporary);
    if (left === null) return;
    if (left.State.Running) await changes.docker.one(host).system.stop(temporary);
    await changes.docker.one(host).system.remove(temporary);
  },
});

/**
 * Creates from exactly that image, under the reference the container goes by. Where the reference has moved on since
 * (a dependant keeps its image), it is pointed back for the moment of the request: a container made from a bare id
 * could never be updated again.
 */
async function createOn(
  docker: Docker,
  change: DockerChanges,
  id: string,
  name: string,
  reference: string,
  request: JsonObject,
) {
  const named = parseReference(reference);
  const now = await docker.image(reference).catch((error: unknown) => {
    if (error instanceof StewardError && error.code === "not_found") return null;
    throw error;
  });
  if (now?.Id === id || named?.tag == null) return change.create(name, request);
  await change.tag(id, named.repository, named.tag);
  try {
    return await change.create(name, request);
  } finally {
    if (now !== null) await change.tag(now.Id, named.repository, named.tag);
  }
}
