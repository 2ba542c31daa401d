import type { Left } from "../../../analysis/updates/eligible.ts";
import { parseReference, pulledDigests } from "../../../analysis/updates/reference.ts";
import { asProblem } from "../../../shared/errors.ts";
import type { Docker } from "../../../systems/docker/port.ts";
import type { ContainerInspected, ImageInspected } from "../../../systems/docker/shapes.ts";

/** The image that the registry serves for a container's tag now, where it is not the one the container was made from. */
export interface Newest {
  repository: string;
  tag: string;
  /** "sha256:…" of its manifest. */
  remote: string;
}

/** Asks the registry, without pulling; or says why there is nothing to move to. */
export async function newestOf(
  name: string,
  container: ContainerInspected,
  image: ImageInspected,
  docker: Docker,
  signal?: AbortSignal,
): Promise<Newest | Left> {
  const reference = parseReference(container.Config.Image);
  if (reference?.tag == null || reference.digest !== null)
    return { name, code: "unsupported", why: "it runs from a fixed image", next: "Name a tag where it is defined." };
  try {
    const remote = await docker.remoteDigest(container.Config.Image, signal);
    if (!pulledDigests(image.RepoDigests, reference.repository).includes(remote))
      return { repository: reference.repository, tag: reference.tag, remote };
    return {
      name,
      code: "nothing_to_do",
      why: "it already runs the newest image of its tag",
      next: "Nothing needs to be done.",
    };
  } catch (error) {
    const { code, message, fix } = asProblem(error);
    return { name, code, why: `its newest image could not be looked up (${message.replace(/\.$/, "")})`, next: fix };
  }
}
