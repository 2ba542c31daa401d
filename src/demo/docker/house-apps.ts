import { type App, always, checked, compose, day, kB, minute, on, published, stack, user, web } from "./app.ts";

/** Single sign-on, the container manager, and two that have trouble. */
export const houseApps: readonly App[] = [
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
    behaviour: { rx_bytes_per_s: 15 * kB, tx_bytes_per_s: 22 * kB, becomes_uid: 70 },
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
    behaviour: { rx_bytes_per_s: 8 * kB, tx_bytes_per_s: 7 * kB, becomes_uid: 999 },
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
      Labels: stack(8, "photos", "machine-learning"),
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
      Labels: stack(7, "subtitles", "bazarr"),
      HostConfig: { NetworkMode: "media", Binds: ["/mnt/tank/apps/bazarr:/config"], ...published(6767), ...always },
    },
    up_ms: minute,
    says: ["sqlite3.OperationalError: database is locked", "BAZARR is exiting"],
  },
];
