import type { JsonObject } from "../../../src/shared/json.ts";

type Fields = Record<string, unknown>;

/** An image of the zoo, as `docker import -c` could make it. */
export interface ZooImage {
  reference: string;
  env?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  /** Days since it was built, where that can be told (not by `docker import`). */
  age_days?: number;
}

/** One container, made so that exactly `expects` is wrong with it: "severity check". */
export interface Animal {
  name: string;
  image: ZooImage;
  /** Body of `POST /containers/create`. */
  create: JsonObject;
  expects: readonly string[];
}

const app: ZooImage = { reference: "zoo/app:1.0" };
const plex: ZooImage = { reference: "plexinc/pms-docker:1.41" };
const linuxserver: ZooImage = { reference: "linuxserver/sonarr:4.0" };
export const network = "zoo";

/** What a container has to have for nothing to be wrong with it. */
const hardened: Fields = {
  NetworkMode: network,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges:true"],
  ReadonlyRootfs: true,
  Memory: 67_108_864,
  MemorySwap: 67_108_864,
  NanoCpus: 500_000_000,
  PidsLimit: 64,
};

let uid = 2000;

export function animal(
  name: string,
  expects: readonly string[],
  own: Fields = {},
  host: Fields = {},
  image = app,
): Animal {
  const create = {
    Image: image.reference,
    // A user of its own each: two alike are a finding.
    User: `${++uid}:${uid}`,
    Healthcheck: { Test: ["CMD", "true"] },
    ...own,
    HostConfig: { ...hardened, ...host },
  };
  return { name, image, create: JSON.parse(JSON.stringify(create)), expects };
}
const published = (address: string, inside: string, port: string): Fields => ({
  PortBindings: { [inside]: [{ HostIp: address, HostPort: port }] },
});
/** No token of anybody: only its form is one. */
const githubToken = `ghp_${"Ab3".repeat(12)}`;
const random = "q7Xv2mKp9RzT4wBn6YcD8sGh3JfL5aQe";

/** Each is wrong in one way. */
export const bad: readonly Animal[] = [
  animal("root-by-default", ["warning root_user"], { User: "" }),
  animal("root-by-number", ["warning root_user"], { User: "0:0" }),
  animal("root-by-puid", ["warning root_user"], { User: "", Env: ["PUID=0", "PGID=0"] }, {}, linuxserver),
  animal("truenas-admin", ["critical admin_user", "info shared_user"], { User: "950:1001" }),
  animal(
    "admin-by-puid",
    ["critical admin_user", "info shared_user"],
    { User: "", Env: ["PUID=950", "PGID=1001"] },
    {},
    linuxserver,
  ),
  animal("one-user", ["info shared_user"], { User: "1901" }),
  animal("same-user", ["info shared_user"], { User: "1901" }),
  animal("docker-group", ["critical admin_group"], {}, { GroupAdd: ["docker"] }),
  animal("privileged", ["critical privileged"], {}, { Privileged: true }),
  animal("sys-admin", ["critical capabilities_added"], {}, { CapAdd: ["SYS_ADMIN"] }),
  animal("net-admin", ["warning capabilities_added"], {}, { CapAdd: ["NET_ADMIN"] }),
  animal("keeps-capabilities", ["info capabilities_kept"], {}, { CapDrop: null }),
  animal("gains-privileges", ["info new_privileges"], {}, { SecurityOpt: null }),
  animal("no-seccomp", ["warning seccomp_off"], {}, { SecurityOpt: ["no-new-privileges", "seccomp=unconfined"] }),
  animal("no-apparmor", ["warning apparmor_off"], {}, { SecurityOpt: ["no-new-privileges", "apparmor=unconfined"] }),
  animal("no-selinux", ["warning selinux_off"], {}, { SecurityOpt: ["no-new-privileges", "label=disable"] }),
  animal("host-pid", ["critical host_pid"], {}, { PidMode: "host" }),
  animal("host-ipc", ["warning host_ipc"], {}, { IpcMode: "host" }),
  animal("host-network", ["warning host_network"], {}, { NetworkMode: "host" }),
  animal("host-uts", ["info host_uts"], {}, { UTSMode: "host" }),
  animal("host-userns", ["info host_userns"], {}, { UsernsMode: "host" }),
  animal("socket", ["critical docker_socket"], {}, { Binds: ["/var/run/docker.sock:/var/run/docker.sock:ro"] }),
  animal("socket-folder", ["critical sensitive_path"], {}, { Binds: ["/var/run:/host/run:ro"] }),
  animal("whole-machine", ["critical sensitive_path"], {}, { Binds: ["/:/host:ro"] }),
  animal("settings", ["critical sensitive_path"], {}, { Binds: ["/etc:/host/etc"] }),
  animal("kernel", ["warning sensitive_path"], {}, { Binds: ["/proc:/host/proc:ro", "/sys:/host/sys:ro"] }),
  animal("ssh-keys", ["critical sensitive_path"], {}, { Binds: ["/root/.ssh:/keys:ro"] }),
  animal("whole-pool", ["critical whole_pool"], {}, { Binds: ["/mnt/tank:/data"] }),
  animal("all-apps", ["critical other_apps_data"], {}, { Binds: ["/mnt/tank/apps:/apps"] }),
  animal("reads-another", ["info other_apps_data"], {}, { Binds: ["/mnt/tank/apps/library/log:/log:ro"] }),
  animal("writes-library", ["warning writable_mount"], {}, { Binds: ["/mnt/tank/media:/media"] }, plex),
  animal("writes-localtime", ["info writable_mount"], {}, { Binds: ["/etc/localtime:/etc/localtime"] }),
  animal("shares-mounts", ["warning shared_propagation"], {}, { Binds: ["/mnt/tank/cloud:/cloud:rshared"] }),
  animal(
    "disk",
    ["critical host_devices"],
    {},
    {
      Devices: [{ PathOnHost: "/dev/sda", PathInContainer: "/dev/sda", CgroupPermissions: "rwm" }],
    },
  ),
  animal("secret-by-name", ["warning env_secret"], { Env: ["DB_PASSWORD=hunter2hunter2"] }),
  animal("secret-by-form", ["warning env_secret"], { Env: [`SETTINGS=${githubToken}`] }),
  animal("secret-by-entropy", ["warning env_secret"], { Env: [`SEED=${random}`] }),
  animal(
    "secret-in-image",
    ["critical image_secret"],
    {},
    {},
    {
      reference: "zoo/baked:1.0",
      env: ["API_TOKEN=hunter2hunter2"],
    },
  ),
  animal("secret-in-label", ["warning label_secret"], {
    Labels: { "traefik.http.middlewares.door.basicauth.users": `me:$apr1$${"x".repeat(8)}$${"y".repeat(22)}` },
  }),
  animal("open-database", ["warning published_everywhere"], {}, published("", "5432/tcp", "15432")),
  animal("open-port", ["info published_everywhere"], {}, published("0.0.0.0", "8080/tcp", "18080")),
  animal("low-port", ["info privileged_port"], {}, published("127.0.0.1", "8080/tcp", "80")),
  animal("default-bridge", ["info default_bridge"], {}, { NetworkMode: "bridge" }),
  animal("ssh-server", ["info sshd_inside"], { Entrypoint: ["/usr/sbin/sshd", "-D"] }),
  animal("writable", ["info writable_rootfs"], {}, { ReadonlyRootfs: false }),
  animal("unlimited", ["info no_limits"], {}, { Memory: 0, MemorySwap: 0, NanoCpus: 0, PidsLimit: null }),
  animal("unwatched", ["info no_healthcheck"], { Healthcheck: { Test: ["NONE"] } }),
  animal("latest", ["info latest_tag"], {}, {}, { reference: "zoo/app:latest" }),
  animal("old", ["info old_image"], {}, {}, { reference: "zoo/old:1.0", age_days: 500 }),
  animal("ancient", ["warning old_image"], {}, {}, { reference: "zoo/ancient:1.0", age_days: 2000 }),
];

/** Nothing is wrong with any of these, though each looks like something that is. */
export const good: readonly Animal[] = [
  animal("plain", []),
  animal("hands-over", [], { User: "", Env: ["PUID=1902", "PGID=1902", "TZ=Europe/Berlin"] }, {}, linuxserver),
  animal(
    "plays",
    [],
    {},
    {
      Binds: ["/mnt/tank/media:/media:ro"],
      Devices: [{ PathOnHost: "/dev/dri", PathInContainer: "/dev/dri", CgroupPermissions: "rwm" }],
    },
    plex,
  ),
  animal("library", [], {}, { Binds: ["/mnt/tank/apps/library:/config", "/mnt/tank/media:/data"] }),
  animal(
    "built",
    [],
    {},
    {},
    {
      reference: "zoo/python:3.13",
      env: [
        "PATH=/usr/local/bin:/usr/bin:/bin",
        `GPG_KEY=${"E3FF2839C048B25C084DEBE9B26995E310250568"}`,
        `PYTHON_SHA256=${"9c68112cef0f6f9cdb4b1b4f5e1e2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c"}`,
      ],
      labels: { "org.opencontainers.image.revision": "0f9cdb4b1b4f5e1e2b3c4d5e6f708192a3b4c5d6" },
    },
  ),
  animal("keeps-secrets-in-files", [], {
    Env: [
      "DB_PASSWORD_FILE=/run/secrets/db",
      "FILE__PASSWORD=/run/secrets/web",
      "SSH_KEY_PATH=/keys/id",
      "AUTHENTIK_SECRET_KEY=file:///run/secrets/key",
    ],
  }),
  animal("speaks-of-secrets", [], {
    Env: [
      "AUTH_ENABLED=true",
      "PASSWORD_MIN_LENGTH=12",
      "TOKEN_EXPIRY=3600",
      "AUTHENTIK_HOST=https://auth.example.org",
    ],
  }),
  animal(
    "knows-the-time",
    [],
    {},
    {
      Binds: ["/etc/localtime:/etc/localtime:ro", "/etc/timezone:/etc/timezone:ro", "/etc/ssl/certs:/etc/ssl/certs:ro"],
    },
  ),
  animal("behind-a-proxy", [], {}, { ...published("127.0.0.1", "8080/tcp", "28080"), CapAdd: ["NET_BIND_SERVICE"] }),
  animal(
    "talks-to-a-stick",
    [],
    {},
    {
      Devices: [{ PathOnHost: "/dev/ttyUSB0", PathInContainer: "/dev/ttyUSB0", CgroupPermissions: "rwm" }],
    },
  ),
  animal("own-volume", [], {}, { Binds: ["zoo_data:/data"] }),
  animal("limits-by-quota", [], {}, { NanoCpus: 0, CpuPeriod: 100_000, CpuQuota: 50_000 }),
];
