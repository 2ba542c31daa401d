import { type App, day, kB, MB } from "./app.ts";
import type { Engine } from "./engine.ts";
import { houseApps } from "./house-apps.ts";
import { mediaApps } from "./media-apps.ts";
import { type Behaviour, type Container, fields, type Image, idOf } from "./model.ts";

const apps: readonly App[] = [...mediaApps, ...houseApps];

/** Moves the demo family in: networks, images, containers, and what the registry holds for the newcomer to try. */
export function furnish(engine: Engine): void {
  engine.addNetwork("media", "172.21.0");
  engine.addNetwork("authentik", "172.22.0");
  const now = engine.now();
  for (const app of apps) moveIn(engine, app);
  const looping = engine.find("bazarr");
  looping.run = { ...looping.run, status: "restarting", restarts: 41, exit_code: 1, finished_ms: now - 20_000, pid: 0 };
  looping.log = looping.log.map((entry) => ({ ...entry, stream: "stderr" }));
  offerUpdates(engine, now);
}

/** Its image is here, and the registry has the same. */
export function stock(engine: Engine, app: App): void {
  const image = imageOf(app, engine.now());
  const reference = referenceOf(app);
  engine.addImage(image, reference);
  engine.registry.publish(reference, image);
}

/** It has run for as long as it says. */
export function moveIn(engine: Engine, app: App): void {
  stock(engine, app);
  aged(engine, engine.create(app.name, { Image: referenceOf(app), ...app.create }), app);
}

/** Starts a container as if it had been there for a while. */
export function aged(engine: Engine, container: Container, { up_ms, says = [] }: App): void {
  const at_ms = engine.now() - up_ms;
  engine.start(container.name);
  container.created_ms = at_ms;
  container.run.started_ms = at_ms;
  container.log = says.map((text, line) => ({ at_ms: at_ms + line * 1000, stream: "stdout", text }));
}

/** Sonarr's update is good. Radarr's never becomes healthy, so that an update can be seen to roll back. */
function offerUpdates(engine: Engine, now: number): void {
  const newer = { sonarr: "4.0.11", radarr: "5.15.0" };
  for (const app of apps) {
    if (app.name !== "sonarr" && app.name !== "radarr") continue;
    const bad = app.name === "radarr";
    const fresh = imageOf({ ...app, version: newer[app.name] }, now - day);
    const behaviour: Behaviour = bad
      ? {
          ...fresh.behaviour,
          health: "unhealthy",
          says: [{ stream: "stderr", text: "[Fatal] ConsoleApp: EPIC FAIL! the database could not be migrated" }],
        }
      : fresh.behaviour;
    engine.registry.publish(`${app.image}:latest`, { ...fresh, behaviour });
  }
}

const referenceOf = ({ image, version }: App): string =>
  `${image}:${image.startsWith("linuxserver/") ? "latest" : version}`;

export function imageOf(app: App, made_ms: number): Image {
  const labels = { "org.opencontainers.image.version": app.version, "org.opencontainers.image.title": app.image };
  return {
    id: `sha256:${idOf(`image ${app.image} ${app.version}`)}`,
    digest: `sha256:${idOf(`manifest ${app.image} ${app.version}`)}`,
    repository: app.image,
    created_ms: made_ms - 30 * day,
    size_bytes: app.size_MB * MB,
    config: { ...app.config, Labels: { ...fields(app.config?.Labels), ...labels } },
    behaviour: {
      health: "healthy",
      rx_bytes_per_s: 1 * kB,
      tx_bytes_per_s: 1 * kB,
      says: [{ stream: "stdout", text: `${app.name} ${app.version} started` }],
      ...app.behaviour,
    },
  };
}
