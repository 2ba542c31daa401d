import { type App, always, checked, day, kB, published } from "./docker/app.ts";
import { containersOf } from "./docker/compose.ts";
import { aged, imageOf, moveIn, stock } from "./docker/home.ts";
import type { DockerFake } from "./docker/index.ts";
import type { PortainerFake } from "./docker/portainer.ts";
import { deployStack, type Stack } from "./docker/portainer-stacks.ts";
import { up } from "./truenas/apps.ts";
import type { TrueNasFake } from "./truenas/index.ts";
import type { App as NasApp } from "./truenas/model.ts";

/** In front of what has a router in its labels. */
const proxy: App = {
  name: "traefik",
  image: "traefik",
  version: "v3.2",
  size_MB: 185,
  config: { Entrypoint: ["/entrypoint.sh"], Cmd: ["traefik"], ExposedPorts: { "80/tcp": {} } },
  behaviour: { rx_bytes_per_s: 40 * kB, tx_bytes_per_s: 60 * kB },
  create: {
    Cmd: ["--providers.docker=true", "--providers.docker.exposedbydefault=false", "--entrypoints.https.address=:443"],
    HostConfig: { Binds: ["/var/run/docker.sock:/var/run/docker.sock:ro"], ...published(443), ...always },
  },
  up_ms: 40 * day,
  says: ["Traefik version 3.2 built on 2024-10-28"],
};

const paperless: App = {
  name: "paperless",
  image: "ghcr.io/paperless-ngx/paperless-ngx",
  version: "2.13",
  size_MB: 1300,
  config: checked({ Entrypoint: ["/init"], ExposedPorts: { "8000/tcp": {} } }, "curl -fs http://localhost:8000"),
  up_ms: 12 * day,
  says: ["Paperless-ngx is ready to serve"],
};
const broker: App = { name: "broker", image: "valkey/valkey", version: "8", size_MB: 43, up_ms: 12 * day };

const documents = `services:
  web:
    image: ghcr.io/paperless-ngx/paperless-ngx:2.13
    restart: unless-stopped
    environment:
      PAPERLESS_REDIS: redis://broker:6379
      PAPERLESS_SECRET_KEY: \${PAPERLESS_SECRET_KEY}
    volumes:
      - /mnt/tank/apps/paperless:/usr/src/paperless/data
      - /mnt/tank/documents:/usr/src/paperless/media
    labels:
      traefik.enable: "true"
      traefik.http.routers.paperless.rule: Host(\`papers.home.example\`)
      traefik.http.routers.paperless.middlewares: authentik@docker
  broker:
    image: valkey/valkey:8
    restart: unless-stopped
`;

const deployed: Pick<Stack, "status" | "type"> = { status: 1, type: 2 };

/** Of the two containers that have trouble. */
const stacks: readonly Stack[] = [
  {
    id: 7,
    name: "subtitles",
    text: "services:\n  bazarr:\n    image: linuxserver/bazarr:latest\n",
    env: [],
    ...deployed,
  },
  {
    id: 8,
    name: "photos",
    text: "services:\n  machine-learning:\n    image: ghcr.io/immich-app/immich-machine-learning:v1.122\n",
    env: [],
    ...deployed,
  },
];
const jellyfin = (version: string): App => ({
  name: "jellyfin",
  image: "jellyfin/jellyfin",
  version,
  size_MB: 1200,
  config: checked(
    { Entrypoint: ["/jellyfin/jellyfin"], ExposedPorts: { "8096/tcp": {} } },
    "curl -fs http://localhost",
  ),
  behaviour: { rx_bytes_per_s: 30 * kB, tx_bytes_per_s: 700 * kB },
  up_ms: 33 * day,
  says: ["[INF] Main: Startup complete"],
});

const service = (version: string) => ({
  name: "jellyfin",
  image: `jellyfin/jellyfin:${version}`,
  create: {
    HostConfig: {
      Binds: ["/mnt/apps/config/jellyfin:/config", "/mnt/media:/media:ro"],
      ...published(30013),
      ...always,
    },
  },
});

/** An app of TrueNAS's catalogue, of which there is a newer version. */
const mediaServer = (): NasApp => ({
  name: "jellyfin",
  running: true,
  version: "1.1.12",
  versions: [
    { version: "1.1.12", services: [service("10.10.5")] },
    { version: "1.1.13", services: [service("10.10.6")] },
  ],
  had: [],
  custom: false,
  config: {
    TZ: "Europe/Berlin",
    run_as: { user: 568, group: 568 },
    resources: { limits: { cpus: 2, memory: 4096 } },
  },
});

/** Moves in what is kept by managers, and the proxy: a stack of Portainer, and an app of TrueNAS. */
export function moveInManaged({ engine }: DockerFake, { nas }: TrueNasFake, portainer: PortainerFake): void {
  moveIn(engine, proxy);
  for (const app of [paperless, broker, jellyfin("10.10.5")]) stock(engine, app);
  const newer = jellyfin("10.10.6");
  engine.registry.publish("jellyfin/jellyfin:10.10.6", imageOf(newer, engine.now()));
  engine.registry.publish(
    "ghcr.io/paperless-ngx/paperless-ngx:2.13",
    imageOf({ ...paperless, version: "2.13.5" }, engine.now()),
  );

  const env = [{ name: "PAPERLESS_SECRET_KEY", value: "demo-not-a-secret" }];
  const stack: Stack = { id: 9, name: "documents", text: documents, env, ...deployed };
  deployStack(engine, stack);
  portainer.stacks.push(...stacks, stack);
  const app = mediaServer();
  nas.engine = engine;
  nas.apps = [...nas.apps.filter(({ name }) => name !== "plex"), app];
  up(nas, app, false);
  for (const [project, made] of [
    ["documents", paperless],
    ["ix-jellyfin", jellyfin("10.10.5")],
  ] as const)
    for (const container of containersOf(engine, project)) aged(engine, container, made);
}
