import type { DockerFake } from "../../../src/demo/docker/index.ts";
import { type Fields, type Image, type ImageConfig, idOf } from "../../../src/demo/docker/model.ts";

function imageOf(repository: string, version: number, config: ImageConfig = {}): Image {
  return {
    id: `sha256:${idOf(`image ${repository} ${version}`)}`,
    digest: `sha256:${idOf(`manifest ${repository} ${version}`)}`,
    repository,
    created_ms: 0,
    size_bytes: 1_000_000,
    config: { Cmd: ["run"], ...config },
    behaviour: { health: "healthy", rx_bytes_per_s: 1000, tx_bytes_per_s: 1000, says: [] },
  };
}

const checked: ImageConfig = { Healthcheck: { Test: ["CMD", "true"] } };

/** Runs a container from a new image of its own repository, `name:latest`. */
export function run(fake: DockerFake, name: string, asked: Fields = {}, config: ImageConfig = checked): void {
  const image = imageOf(name, 1, config);
  fake.engine.addImage(image, `${name}:latest`);
  fake.engine.registry.publish(`${name}:latest`, image);
  fake.engine.create(name, { Image: `${name}:latest`, ...asked });
  fake.engine.start(name);
}

/** Lets the registry serve a newer image for a container's tag. */
export function publishNext(fake: DockerFake, container: string, change: Partial<Image> = {}): Image {
  const { image, config } = fake.engine.find(container);
  const next: Image = {
    ...image,
    id: `sha256:${idOf(`next ${image.id}`)}`,
    digest: `sha256:${idOf(`next ${image.digest}`)}`,
    ...change,
  };
  fake.engine.registry.publish(config.Image, next);
  return next;
}
