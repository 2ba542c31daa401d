import { z } from "zod";
import { asSaved, savedMembers } from "../../../analysis/managers/standing.ts";
import { step } from "../../define.ts";
import { byManager, changerOf, inProject } from "./read-project.ts";
import { readWhenIdle } from "./until-idle.ts";

export const percent = (say: (message: string) => void, what: string) => ({
  onProgress: (done: number) => say(`${what}: ${Math.round(done)} %`),
});

export const upgradeApp = step({
  args: inProject.extend({ from: z.string(), to: z.string(), members: savedMembers }),
  async does({ host, ref, to }, { changes, say, signal }) {
    const { system } = changes.managers.truenas.one(host);
    await system.upgrade(ref, to, { signal, ...percent(say, "TrueNAS upgrades it") });
    return {};
  },
  async undoes({ host, ref, from, members }, _outcome, { changes, systems, say }) {
    const { system } = changes.managers.truenas.one(host);
    const now = await readWhenIdle({ by: "truenas", host, ref }, systems, say);
    const following = percent(say, "TrueNAS puts it back");
    if (now.project.deployed !== from) await system.rollBack(ref, from, following);
    else if (!asSaved(members, now.members)) await system.redeploy(ref, { services: [], ...following });
  },
});

const image = z.object({
  service: z.string(),
  image: z.string(),
  repository: z.string(),
  tag: z.string(),
  from: z.string(),
});

export const exchangeImages = step({
  args: byManager.extend({ images: z.array(image), members: savedMembers }),
  async does({ host, ref, by, images }, { changes, systems, say, signal }) {
    const engine = changes.docker.one(host).system;
    for (const { image: wanted, repository, tag } of images) {
      const { Id } = await systems.docker.one(host).system.image(wanted);
      await engine.tag(Id, repository, tag);
    }
    await changerOf(changes, by, host).redeploy(ref, {
      services: images.map(({ service }) => service),
      signal,
      ...percent(say, "It is deployed again"),
    });
    return {};
  },
  async undoes({ host, ref, by, images, members }, _outcome, { changes, systems, say }) {
    const now = await readWhenIdle({ by, host, ref }, systems, say);
    const engine = changes.docker.one(host).system;
    for (const { from, repository, tag } of images) await engine.tag(from, repository, tag);
    if (asSaved(members, now.members)) return;
    await changerOf(changes, by, host).redeploy(ref, {
      services: images.map(({ service }) => service),
      ...percent(say, "It is put back"),
    });
  },
});
