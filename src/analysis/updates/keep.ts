import { shortId } from "./reference.ts";
import type { UpdateStep } from "./steps.ts";

/** Where pruning leaves an image alone; one tag a container and image. */
const repository = "home-steward-kept";

/** Keeps the image that a container runs now, so that it can come back. */
export function keepStep(name: string, imageId: string): UpdateStep {
  const tag = `${name.slice(0, 100)}-${shortId(imageId)}`;
  return {
    step: "keep_image",
    args: { image: imageId, repository, tag },
    does: `Keep the old image ${shortId(imageId)} as ${repository}:${tag}`,
    undo: "The extra name stays; it does no harm.",
  };
}
