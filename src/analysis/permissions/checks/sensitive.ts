import type { Severity } from "../finding.ts";
import { samePath, within } from "../paths.ts";

/** Mounted into nearly every container, and no harm read-only. */
const everyday =
  /^\/etc\/(localtime|timezone|resolv\.conf|hosts|hostname|machine-id|os-release|passwd|group|ssl\/certs(\/.*)?|ca-certificates(\/.*)?|pki\/.*)$/;
const keys =
  /(^|\/)\.(ssh|gnupg|aws|kube|docker)(\/|$)|(^|\/)(id_(rsa|ed25519|ecdsa)|ssh_host_\w+_key)$|^\/etc\/(ssh|shadow|gshadow|sudoers)(\/|$|\.d)/;

interface Rule {
  path: string;
  /** Also what lies below. */
  below?: true;
  writable: Severity;
  readOnly: Severity | null;
  why: string;
}

/** The first that fits counts. `/run` holds the engine's socket, and so do folders above it. */
const rules: readonly Rule[] = [
  { path: "/", writable: "critical", readOnly: "critical", why: "the whole machine" },
  {
    path: "/var/lib/docker",
    below: true,
    writable: "critical",
    readOnly: "critical",
    why: "all containers' own files",
  },
  {
    path: "/var/lib/containerd",
    below: true,
    writable: "critical",
    readOnly: "critical",
    why: "all containers' own files",
  },
  { path: "/var/run", writable: "critical", readOnly: "critical", why: "the sockets of all services" },
  { path: "/run", writable: "critical", readOnly: "critical", why: "the sockets of all services" },
  { path: "/run/dbus", below: true, writable: "warning", readOnly: "info", why: "the way to all system services" },
  { path: "/var/run/dbus", below: true, writable: "warning", readOnly: "info", why: "the way to all system services" },
  { path: "/var", writable: "critical", readOnly: "critical", why: "the engine's own files" },
  { path: "/etc", writable: "critical", readOnly: "warning", why: "this machine's settings and password hashes" },
  { path: "/root", writable: "critical", readOnly: "warning", why: "root's own files" },
  { path: "/home", writable: "critical", readOnly: "warning", why: "the files of all users" },
  { path: "/dev", writable: "critical", readOnly: "warning", why: "every device of this machine" },
  { path: "/proc", writable: "critical", readOnly: "warning", why: "this machine's processes and kernel" },
  { path: "/sys", writable: "critical", readOnly: "info", why: "this machine's kernel and devices" },
  { path: "/boot", below: true, writable: "critical", readOnly: "info", why: "what this machine starts from" },
  { path: "/usr", below: true, writable: "critical", readOnly: "info", why: "this machine's programs" },
  { path: "/bin", below: true, writable: "critical", readOnly: "info", why: "this machine's programs" },
  { path: "/sbin", below: true, writable: "critical", readOnly: "info", why: "this machine's programs" },
  { path: "/lib", below: true, writable: "critical", readOnly: "info", why: "this machine's programs" },
  { path: "/lib64", below: true, writable: "critical", readOnly: "info", why: "this machine's programs" },
  { path: "/etc", below: true, writable: "warning", readOnly: null, why: "this machine's settings" },
  { path: "/root", below: true, writable: "warning", readOnly: "info", why: "root's own files" },
  { path: "/proc", below: true, writable: "warning", readOnly: null, why: "this machine's processes and kernel" },
  { path: "/sys", below: true, writable: "warning", readOnly: null, why: "this machine's kernel and devices" },
];

/** How bad it is to hand this path of the machine to a container; null where nobody minds. */
export function sensitivity(path: string, writable: boolean): { severity: Severity; why: string } | null {
  if (everyday.test(path)) return null;
  if (keys.test(path)) return { severity: "critical", why: "keys and passwords" };
  const rule = rules.find((one) => (one.below ? within(path, one.path) : samePath(path, one.path)));
  const severity = rule === undefined ? null : writable ? rule.writable : rule.readOnly;
  return rule === undefined || severity === null ? null : { severity, why: rule.why };
}

/** Whether it is one of the files that everybody mounts, and only ever reads. */
export const isEveryday = (path: string): boolean => everyday.test(path);
