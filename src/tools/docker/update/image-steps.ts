import { z } from "zod";
import { step } from "../../define.ts";

const MB = 1_000_000;

/** Pulls by digest, so that it is exactly the image that was approved, whatever the tag means by now. */
export const pull = step({
  args: z.object({ host: z.string(), image: z.string() }),
  async does({ host, image }, { changes, say, signal }) {
    const { system } = changes.docker.one(host);
    const megabytes = (bytes: number) => Math.round(bytes / MB);
    await system.pull(
      image,
      ({ done_bytes, total_bytes }) => say(`Pulling: ${megabytes(done_bytes)} of ${megabytes(total_bytes)} MB so far`),
      signal,
    );
    return {};
  },
  async undoes() {},
});

/** Gives the old image a name of ours: an image without a name is what pruning removes first. */
export const keepImage = step({
  args: z.object({ host: z.string(), image: z.string(), repository: z.string(), tag: z.string() }),
  async does({ host, image, repository, tag }, { changes }) {
    await changes.docker.one(host).system.tag(image, repository, tag);
    return {};
  },
  async undoes() {},
});

export const moveTag = step({
  args: z.object({
    host: z.string(),
    image: z.string(),
    repository: z.string(),
    tag: z.string(),
    from: z.string().nullable(),
  }),
  async does({ host, image, repository, tag }, { changes, systems }) {
    const { Id } = await systems.docker.one(host).system.image(image);
    await changes.docker.one(host).system.tag(Id, repository, tag);
    return { image_id: Id };
  },
  async undoes({ host, repository, tag, from }, _outcome, { changes }) {
    if (from !== null) await changes.docker.one(host).system.tag(from, repository, tag);
  },
});
