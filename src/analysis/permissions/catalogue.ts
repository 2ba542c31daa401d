interface Entry {
  /** In the CIS Docker Benchmark 1.6 (docs/permissions.md has the whole table). */
  cis: readonly string[];
  fix: string;
}

/** Every check, with what to do about it. */
export const catalogue = {
  root_user: {
    cis: ["4.1"],
    fix: "Give it a user of its own: user: in compose, or PUID and PGID where its image takes them.",
  },
  admin_user: {
    cis: ["4.1"],
    fix: "Give it a user of its own instead of one that administers this machine.",
  },
  admin_group: {
    cis: ["4.1"],
    fix: "Take it out of that group: its members can become root here.",
  },
  shared_user: {
    cis: [],
    fix: "Give each a user of its own, and one group where they share files.",
  },
  privileged: {
    cis: ["5.5"],
    fix: "Take privileged away; give the one device or capability that it needs.",
  },
  capabilities_added: {
    cis: ["5.4"],
    fix: "Take the capability away, or give it only while it is needed.",
  },
  capabilities_kept: {
    cis: ["5.4"],
    fix: "cap_drop: [ALL], then cap_add for what it misses.",
  },
  new_privileges: {
    cis: ["5.26"],
    fix: "security_opt: [no-new-privileges:true].",
  },
  seccomp_off: { cis: ["5.22"], fix: "Remove seccomp=unconfined; the engine's own profile suits nearly all." },
  apparmor_off: { cis: ["5.2"], fix: "Remove apparmor=unconfined; the engine's own profile suits nearly all." },
  selinux_off: { cis: ["5.3"], fix: "Remove label=disable; mount its folders with :z or :Z instead." },
  host_pid: { cis: ["5.16"], fix: "Remove pid: host." },
  host_ipc: { cis: ["5.17"], fix: "Remove ipc: host." },
  host_network: { cis: ["5.10"], fix: "Give it a network of its own, and publish the ports it needs." },
  host_uts: { cis: ["5.21"], fix: "Remove uts: host." },
  host_userns: { cis: ["5.31"], fix: "Remove userns_mode: host." },
  cgroup_parent: { cis: ["5.25"], fix: "Remove cgroup_parent, so that limits of all containers hold for it." },
  docker_socket: {
    cis: ["5.32"],
    fix: "Remove the socket, or put a proxy in between that lets only reading calls through. :ro does not help.",
  },
  sensitive_path: { cis: ["5.6"], fix: "Mount only the folder or file that it needs, read-only." },
  whole_pool: { cis: [], fix: "Mount only the datasets or folders that it needs." },
  other_apps_data: { cis: [], fix: "Mount only its own folder, or the other's read-only." },
  writable_mount: { cis: [], fix: "Mount it read-only (:ro)." },
  shared_propagation: { cis: ["5.20"], fix: "Use rprivate, or rslave where it has to see later mounts." },
  host_devices: { cis: ["5.18"], fix: "Take the device away, or give it without the rights it doesn't use." },
  world_writable: { cis: [], fix: "fix_permissions takes the right to write from all others (o-w)." },
  admin_owned: { cis: [], fix: "Give them to the container's own user: fix_permissions plans it." },
  setuid_files: { cis: [], fix: "fix_permissions takes the bits away: data has no use for them." },
  acls: {
    cis: [],
    fix: "Take out of the lists whoever need not be in them: setfacl -x, or Edit Permissions on TrueNAS.",
  },
  unreadable: { cis: [], fix: "Give them to the container's user or group: fix_permissions plans it." },
  unwritable: { cis: [], fix: "Mount it read-only, or give them to the container's user." },
  env_secret: {
    cis: [],
    fix: "Put it into a file that is mounted read-only, and name that (NAME_FILE, or FILE__NAME for linuxserver's).",
  },
  image_secret: {
    cis: ["4.10"],
    fix: "Change that secret, and build the image without it: whoever has the image has it.",
  },
  label_secret: { cis: [], fix: "Keep it in a file; labels are shown to whoever may list containers." },
  published_everywhere: { cis: ["5.14"], fix: "Publish it on one address: 127.0.0.1 behind a proxy, or the LAN's." },
  privileged_port: { cis: ["5.8"], fix: "Publish it on a port from 1024 on, unless it is the reverse proxy." },
  default_bridge: { cis: ["5.30"], fix: "Give it a network of its own: on the default bridge all reach all." },
  sshd_inside: { cis: ["5.7"], fix: "Use docker exec instead of an ssh server inside." },
  writable_rootfs: { cis: ["5.13"], fix: "read_only: true, with tmpfs for what it writes." },
  no_limits: { cis: ["5.11", "5.12", "5.29"], fix: "Set mem_limit, cpus and pids_limit." },
  no_healthcheck: { cis: ["4.6", "5.27"], fix: "Give it a healthcheck, so that one that hangs is noticed." },
  latest_tag: { cis: [], fix: "Name a version, so that an update is a decision." },
  old_image: { cis: ["5.28"], fix: "Update it, or look for a successor if nobody builds it any more." },
} as const satisfies Readonly<Record<string, Entry>>;

export type CheckName = keyof typeof catalogue;
