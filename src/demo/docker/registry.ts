import { type Image, Refusal } from "./model.ts";

/** Why a registry does not hand out an image. */
type RegistryFault = "down" | "unauthorized" | "denied" | "rate_limited" | "missing";

/** A simulated image registry: which image each tag is now, and what goes wrong with it. */
export interface Registry {
  /** Makes `reference` ("repository:tag") this image from now on. */
  publish(reference: string, image: Image): void;
  /** Sets or takes away what goes wrong for one repository, or for all with "*". */
  fail(repository: string, fault: RegistryFault | null): void;
  /** Errors: {@link Refusal} with the words and statuses of a real engine. */
  resolve(reference: string): Image;
}

export function startRegistry(): Registry {
  const tags = new Map<string, Image>();
  const digests = new Map<string, Image>();
  const faults = new Map<string, RegistryFault>();
  return {
    publish(reference, image) {
      tags.set(reference, image);
      digests.set(`${image.repository}@${image.digest}`, image);
    },
    fail(repository, fault) {
      if (fault === null) faults.delete(repository);
      else faults.set(repository, fault);
    },
    resolve(reference) {
      const { repository, rest } = parted(reference);
      const fault = faults.get(repository) ?? faults.get("*");
      if (fault !== undefined) throw refusals[fault](repository, reference);
      const found = rest.startsWith("@") ? digests.get(`${repository}${rest}`) : tags.get(`${repository}${rest}`);
      return found ?? refuse(refusals.missing(repository, reference));
    },
  };
}

/** "ghcr.io/x/y:1@sha256:…" apart; a missing tag is ":latest", a digest wins over a tag, Docker Hub's own prefixes go. */
export function parted(reference: string): { repository: string; rest: string } {
  const short = reference.replace(/^(?:docker\.io\/)?(?:library\/)?/, "");
  const [named = "", digest] = short.split("@", 2);
  const tag = /:([^/:]+)$/.exec(named);
  const repository = tag === null ? named : named.slice(0, tag.index);
  return { repository, rest: digest === undefined ? `:${tag?.[1] ?? "latest"}` : `@${digest}` };
}

const refusals: Record<RegistryFault, (repository: string, reference: string) => Refusal> = {
  down: () =>
    new Refusal(500, 'Get "https://registry-1.docker.io/v2/": dial tcp 192.0.2.10:443: connect: connection refused'),
  unauthorized: () => new Refusal(401, "unauthorized: authentication required"),
  denied: (repository) =>
    new Refusal(
      403,
      `pull access denied for ${repository}, repository does not exist or may require 'docker login': ` +
        "denied: requested access to the resource is denied",
    ),
  rate_limited: () =>
    new Refusal(
      429,
      "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
    ),
  missing: (_, reference) =>
    new Refusal(404, `manifest for ${reference} not found: manifest unknown: manifest unknown`),
};

function refuse(refusal: Refusal): never {
  throw refusal;
}
