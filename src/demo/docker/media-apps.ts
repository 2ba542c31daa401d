import { type App, always, checked, compose, day, kB, MB, on, published, user, web } from "./app.ts";

/** Plex and its companions. */
export const mediaApps: readonly App[] = [
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
];
