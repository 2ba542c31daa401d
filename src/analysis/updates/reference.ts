/** An image reference in its parts: `registry:5000/media/plex:1.40@sha256:…`. */
export interface Reference {
  /** Everything before the tag: `registry:5000/media/plex`. */
  repository: string;
  /** `latest` where none is said and none is pinned by digest. */
  tag: string | null;
  /** `sha256:…` when pinned. */
  digest: string | null;
}

/** Parses what a container says it runs; null for an image id (`sha256:…` or bare hex), which no registry can follow. */
export function parseReference(image: string): Reference | null {
  if (/^(sha256:)?[0-9a-f]{12,64}$/.test(image)) return null;
  const [name = "", digest = null] = image.split("@", 2);
  const colon = name.lastIndexOf(":");
  const tagged = colon > name.lastIndexOf("/");
  const repository = tagged ? name.slice(0, colon) : name;
  if (repository === "") return null;
  return { repository, tag: tagged ? name.slice(colon + 1) : digest === null ? "latest" : null, digest };
}

/** The repository as registries know it: `plex` is `docker.io/library/plex`, as in an image's RepoDigests or not. */
export function fullRepository(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (hasHost) return repository.replace(/^index\.docker\.io\//, "docker.io/");
  return rest.length > 0 ? `docker.io/${repository}` : `docker.io/library/${repository}`;
}

/** The digests under which an image was pulled from `repository`; none for images built or loaded here. */
export function pulledDigests(repoDigests: readonly string[] | null | undefined, repository: string): string[] {
  const wanted = fullRepository(repository);
  return (repoDigests ?? []).flatMap((entry) => {
    const [name = "", digest] = entry.split("@", 2);
    return digest !== undefined && fullRepository(name) === wanted ? [digest] : [];
  });
}

/** `sha256:8c1c71605cce…` as people compare it: `8c1c71605cce`. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
