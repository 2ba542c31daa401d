import type { Engine } from "./engine.ts";
import { type Container, type Fields, fields, idOf } from "./model.ts";

/** One service of a compose file, as far as a simulated home has them. */
export interface Service {
  name: string;
  image: string;
  /** What more its container is made with (`POST /containers/create`). */
  create?: Fields;
  /** It has done its work when it ends: containers that set permissions. */
  once?: boolean;
}

export interface ComposeProject {
  name: string;
  /** Where its manager keeps the file. */
  file: string;
  services: readonly Service[];
}

const label = (container: Container, name: string) => fields(container.config.Labels)[`com.docker.compose.${name}`];

/** The containers of a project, by the labels that compose knows them by. */
export const containersOf = (engine: Engine, project: string): Container[] =>
  [...engine.containers.values()].filter((one) => label(one, "project") === project);

/**
 * `docker compose up -d`: makes each container that is missing, whose image is not the one its tag means now, or which is
 * defined in another way than it was made, or all of them when forced. `pull` asks the registry first.
 */
export function composeUp(
  engine: Engine,
  project: ComposeProject,
  { force = false, pull = false }: { force?: boolean; pull?: boolean } = {},
): void {
  const { services } = project;
  // All images before any container is touched, as compose does it.
  for (const { image } of services) if (pull || !engine.tags.has(tagged(image))) fetch(engine, image);
  const there = containersOf(engine, project.name);
  for (const one of there) if (!services.some(({ name }) => name === label(one, "service"))) discard(engine, one);
  for (const service of services) {
    const { id } = engine.image(service.image);
    const old = there.find((one) => label(one, "service") === service.name);
    const made = {
      ...service.create,
      Labels: { ...fields(service.create?.Labels), ...labelsOf(project, service, id) },
    };
    const same = old !== undefined && old.image.id === id && label(old, "config-hash") === hashOf(service);
    if (same && !force) engine.start(old.name);
    else {
      if (old !== undefined) discard(engine, old);
      const name = old?.name ?? `${project.name}-${service.name}-1`;
      engine.create(name, { ...made, Image: service.image });
      engine.start(name);
      if (service.once === true) engine.stop(name);
    }
  }
}

/** `docker compose down`: the containers go, their volumes and images stay. */
export function composeDown(engine: Engine, project: string): void {
  for (const one of containersOf(engine, project)) discard(engine, one);
}

function discard(engine: Engine, { name }: Container): void {
  engine.stop(name);
  engine.remove(name, { force: true, volumes: false });
}

const hashOf = (service: Service) => idOf(JSON.stringify(service));
const tagged = (image: string) => (/:[^/]+$/.test(image) ? image : `${image}:latest`);

function fetch(engine: Engine, image: string): void {
  engine.addImage(engine.registry.resolve(image), tagged(image));
}

function labelsOf({ name, file }: ComposeProject, service: Service, imageId: string): Record<string, string> {
  return {
    "com.docker.compose.project": name,
    "com.docker.compose.service": service.name,
    "com.docker.compose.project.working_dir": file.replace(/\/[^/]*$/, ""),
    "com.docker.compose.project.config_files": file,
    "com.docker.compose.container-number": "1",
    "com.docker.compose.oneoff": "False",
    "com.docker.compose.image": imageId,
    "com.docker.compose.config-hash": hashOf(service),
  };
}
