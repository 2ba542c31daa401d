import type { Engine } from "./engine.ts";
import { type Behaviour, type Fields, fields, type Image, type ImageConfig, idOf } from "./model.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const kB = 1000;
const MB = 1_000_000;

/** One application of the demo home. */
interface App {
  name: string;
  image: string;
  version: string;
  size_MB: number;
  config?: ImageConfig;
  behaviour?: Partial<Behaviour>;
  create?: Fields;
  /** Since when it runs. */
  up_ms: number;
  says?: readonly string[];
}

const web = (port: number): ImageConfig => ({
  Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANGUAGE=en_US.UTF-8"],
  Entrypoint: ["/init"],
  ExposedPorts: { [`${port}/tcp`]: {} },
  Volumes: { "/config": {} },
});
const checked = (config: ImageConfig, test: string): ImageConfig => ({
  ...config,
  Healthcheck: { Test: ["CMD-SHELL", test], Interval: 30_000_000_000, Timeout: 5_000_000_000, Retries: 3 },
});
const compose = (project: string, service: string): Record<string, string> => ({
  "com.docker.compose.project": project,
  "com.docker.compose.service": service,
  "com.docker.compose.project.working_dir": `/opt/stacks/${project}`,
  "com.docker.compose.project.config_files": `/opt/stacks/${project}/compose.yaml`,
  "com.docker.compose.container-number": "1",
  "com.docker.compose.oneoff": "False",
});
/** Portainer deploys its stacks through compose, from its own data folder. */
const stack = (project: string, service: string): Record<string, string> => ({
  ...compose(project, service),
  "com.docker.compose.project.working_dir": "/data/compose/7",
  "com.docker.compose.project.config_files": "/data/compose/7/docker-compose.yml",
});
const published = (port: number): Fields => ({
  PortBindings: { [`${port}/tcp`]: [{ HostIp: "", HostPort: `${port}` }] },
});
const always = { RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 } };
const user = ["PUID=1000", "PGID=1000", "TZ=Europe/Berlin"];
const on = (network: string, alias: string): Fields => ({ EndpointsConfig: { [network]: { Aliases: [alias] } } });

const apps: readonly App[] = [
  {
    name: "plex",
    image: "linuxserver/plex",
    version: "1.41.3",
    size_MB: 360,
    config: web(32400),
    behaviour: { rx_bytes_per_s: 900 * kB, tx_bytes_per_s: 4 * MB },
    create: {
      Env: [...user, "VERSION=docker"],
      HostConfig: {
        NetworkMode: "host",
        Binds: ["/mnt/tank/apps/plex:/config", "/mnt/tank/media:/media:ro"],
        Devices: [{ PathOnHost: "/dev/dri", PathInContainer: "/dev/dri", CgroupPermissions: "rwm" }],
        ...always,
      },
    },
    up_ms: 21 * day,
    says: ["Starting Plex Media Server.", "Library section 'Films' scanned in 42 s"],
  },
  {
    name: "sonarr",
    image: "linuxserver/sonarr",
    version: "4.0.10",
    size_MB: 210,
    config: checked(web(8989), "curl -fs http://localhost:8989/ping"),
    behaviour: { rx_bytes_per_s: 12 * kB, tx_bytes_per_s: 5 * kB },
    create: {
      Env: user,
      HostConfig: {
        NetworkMode: "media",
        Binds: ["/mnt/tank/apps/sonarr:/config", "/mnt/tank/media:/data"],
        ...published(8989),
        ...always,
      },
      NetworkingConfig: on("media", "sonarr"),
    },
    up_ms: 9 * day,
    says: [
      "[Info] Bootstrap: Starting Sonarr",
      "[Info] RssSyncService: RSS Sync Completed. Reports found: 100, Reports grabbed: 0",
    ],
  },
  {
    name: "radarr",
    image: "linuxserver/radarr",
    version: "5.14.0",
    size_MB: 220,
    config: checked(web(7878), "curl -fs http://localhost:7878/ping"),
    behaviour: { rx_bytes_per_s: 9 * kB, tx_bytes_per_s: 4 * kB },
    create: {
      Env: user,
      HostConfig: {
        NetworkMode: "media",
        Binds: ["/mnt/tank/apps/radarr:/config", "/mnt/tank/media:/data"],
        ...published(7878),
        ...always,
      },
      NetworkingConfig: on("media", "radarr"),
    },
    up_ms: 9 * day,
    says: ["[Info] Bootstrap: Starting Radarr", "[Warn] DownloadMonitoringService: one file is not in a known folder"],
  },
  {
    name: "gluetun",
    image: "qmcgaw/gluetun",
    version: "3.40.0",
    size_MB: 42,
    config: checked(
      { Entrypoint: ["/gluetun-entrypoint"], ExposedPorts: { "8888/tcp": {} } },
      "/gluetun-entrypoint healthcheck",
    ),
    behaviour: { rx_bytes_per_s: 6 * MB, tx_bytes_per_s: 700 * kB },
    create: {
      Env: ["VPN_SERVICE_PROVIDER=mullvad", "VPN_TYPE=wireguard", "WIREGUARD_PRIVATE_KEY=demo-not-a-key"],
      Labels: compose("downloads", "gluetun"),
      HostConfig: { NetworkMode: "media", CapAdd: ["NET_ADMIN"], ...published(9091), ...always },
      NetworkingConfig: on("media", "gluetun"),
    },
    up_ms: 4 * day,
    says: ["INFO [vpn] connection is up", "INFO [ip getter] Public IP address is 198.51.100.7 (Sweden)"],
  },
  {
    name: "transmission",
    image: "linuxserver/transmission",
    version: "4.0.6",
    size_MB: 95,
    config: web(9091),
    create: {
      Env: [...user, "USER=admin", "PASS=demo-not-a-password"],
      Labels: compose("downloads", "transmission"),
      HostConfig: {
        NetworkMode: "container:gluetun",
        Binds: ["/mnt/tank/apps/transmission:/config", "/mnt/tank/downloads:/downloads"],
        ...always,
      },
    },
    up_ms: 4 * day,
    says: ["Transmission 4.0.6 started", "Port 51413 forwarded"],
  },
  {
    name: "tautulli",
    image: "linuxserver/tautulli",
    version: "2.15.0",
    size_MB: 130,
    config: web(8181),
    behaviour: { rx_bytes_per_s: 3 * kB, tx_bytes_per_s: 2 * kB },
    create: {
      Env: user,
      Tty: true,
      HostConfig: { NetworkMode: "media", Binds: ["/mnt/tank/apps/tautulli:/config"], ...published(8181), ...always },
    },
    up_ms: 21 * day,
    says: [
      "2026-01-02 INFO :: Tautulli WebSocket :: Ready",
      "2026-01-02 INFO :: Tautulli Monitor :: session 71 started",
    ],
  },
  ...["server", "worker"].map(
    (role): App => ({
      name: `authentik-${role}`,
      image: "ghcr.io/goauthentik/server",
      version: "2024.10.4",
      size_MB: 720,
      config: checked(
        { Entrypoint: ["dumb-init", "--", "ak"], User: "1000", ExposedPorts: { "9000/tcp": {} } },
        "ak healthcheck",
      ),
      behaviour: { rx_bytes_per_s: 20 * kB, tx_bytes_per_s: 30 * kB },
      create: {
        Cmd: [role],
        Env: ["AUTHENTIK_SECRET_KEY=demo-not-a-secret", "AUTHENTIK_POSTGRESQL__HOST=authentik-postgres"],
        Labels: compose("authentik", role),
        HostConfig: { NetworkMode: "authentik", ...(role === "server" ? published(9000) : {}), ...always },
        NetworkingConfig: on("authentik", role),
      },
      up_ms: 30 * day,
      says: [`{"event": "authentik ${role} started", "level": "info"}`],
    }),
  ),
  {
    name: "authentik-postgres",
    image: "postgres",
    version: "16-alpine",
    size_MB: 275,
    config: checked(
      {
        Entrypoint: ["docker-entrypoint.sh"],
        Cmd: ["postgres"],
        StopSignal: "SIGINT",
        Volumes: { "/var/lib/postgresql/data": {} },
      },
      "pg_isready",
    ),
    behaviour: { rx_bytes_per_s: 15 * kB, tx_bytes_per_s: 22 * kB },
    create: {
      Env: ["POSTGRES_PASSWORD=demo-not-a-password"],
      Labels: compose("authentik", "postgresql"),
      HostConfig: {
        NetworkMode: "authentik",
        Mounts: [{ Type: "volume", Source: "authentik_database", Target: "/var/lib/postgresql/data" }],
        ...always,
      },
      NetworkingConfig: {
        EndpointsConfig: { authentik: { Aliases: ["postgresql"], IPAMConfig: { IPv4Address: "172.22.0.10" } } },
      },
    },
    up_ms: 30 * day,
    says: ["LOG:  database system is ready to accept connections"],
  },
  {
    name: "authentik-redis",
    image: "redis",
    version: "alpine",
    size_MB: 41,
    config: checked(
      { Entrypoint: ["docker-entrypoint.sh"], Cmd: ["redis-server"], Volumes: { "/data": {} } },
      "redis-cli ping",
    ),
    behaviour: { rx_bytes_per_s: 8 * kB, tx_bytes_per_s: 7 * kB },
    // Its data lie in an anonymous volume.
    create: {
      Labels: compose("authentik", "redis"),
      HostConfig: { NetworkMode: "authentik", ...always },
      NetworkingConfig: on("authentik", "redis"),
    },
    up_ms: 30 * day,
    says: ["* Ready to accept connections tcp"],
  },
  {
    name: "portainer",
    image: "portainer/portainer-ce",
    version: "2.21.5",
    size_MB: 285,
    config: { Entrypoint: ["/portainer"], ExposedPorts: { "9443/tcp": {}, "9000/tcp": {} } },
    behaviour: { rx_bytes_per_s: 400, tx_bytes_per_s: 900 },
    create: {
      HostConfig: {
        Binds: ["/var/run/docker.sock:/var/run/docker.sock", "portainer_data:/data"],
        ...published(9443),
        ...always,
      },
    },
    up_ms: 40 * day,
    says: ["starting HTTPS server | bind_address=:9443"],
  },
  {
    name: "immich-machine-learning",
    image: "ghcr.io/immich-app/immich-machine-learning",
    version: "v1.122",
    size_MB: 1900,
    config: { Cmd: ["./start.sh"], Env: ["MACHINE_LEARNING_CACHE_FOLDER=/cache"] },
    create: {
      Labels: stack("photos", "machine-learning"),
      HostConfig: { NetworkMode: "bridge", Memory: 1_073_741_824, MemorySwap: 1_073_741_824 },
    },
    behaviour: { exits: { code: 137, oom: true, after_ms: 3 * 60 * minute } },
    up_ms: 5 * 60 * minute,
    says: ["INFO  Loading clip model 'ViT-B-32__openai' to memory"],
  },
  {
    name: "bazarr",
    image: "linuxserver/bazarr",
    version: "1.4.5",
    size_MB: 190,
    config: web(6767),
    create: {
      Env: user,
      Labels: stack("subtitles", "bazarr"),
      HostConfig: { NetworkMode: "media", Binds: ["/mnt/tank/apps/bazarr:/config"], ...published(6767), ...always },
    },
    up_ms: minute,
    says: ["sqlite3.OperationalError: database is locked", "BAZARR is exiting"],
  },
];

/** Moves the demo family in: networks, images, containers, and what the registry holds for the newcomer to try. */
export function furnish(engine: Engine): void {
  engine.addNetwork("media", "172.21.0");
  engine.addNetwork("authentik", "172.22.0");
  const now = engine.now();
  for (const app of apps) {
    const image = imageOf(app, now);
    const reference = `${app.image}:${tagOf(app)}`;
    engine.addImage(image, reference);
    engine.registry.publish(reference, image);
    const container = engine.create(app.name, { Image: reference, ...app.create });
    engine.start(app.name);
    container.created_ms = now - app.up_ms;
    container.run.started_ms = now - app.up_ms;
    container.log = (app.says ?? []).map((text, line) => ({
      at_ms: now - app.up_ms + line * 1000,
      stream: "stdout",
      text,
    }));
  }
  const looping = engine.find("bazarr");
  looping.run = { ...looping.run, status: "restarting", restarts: 41, exit_code: 1, finished_ms: now - 20_000, pid: 0 };
  looping.log = looping.log.map((entry) => ({ ...entry, stream: "stderr" }));
  offerUpdates(engine, now);
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

function tagOf(app: App): string {
  return app.image.startsWith("linuxserver/") ? "latest" : app.version;
}

function imageOf(app: App, made_ms: number): Image {
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
