import type { CheckName } from "../catalogue.ts";
import type { Check, Found, Severity } from "../finding.ts";

type Space = "PidMode" | "IpcMode" | "NetworkMode" | "UTSMode";

const spaces: readonly (readonly [Space, CheckName, Severity, string])[] = [
  ["PidMode", "host_pid", "critical", "it sees, and as root ends, every process of this machine"],
  ["IpcMode", "host_ipc", "warning", "it shares the memory segments of this machine's programs"],
  [
    "NetworkMode",
    "host_network",
    "warning",
    "it reaches what listens on this machine's loopback, and publishes all it opens",
  ],
  ["UTSMode", "host_uts", "info", "it can rename this machine"],
];

/** The machine's own namespaces, in which it is not apart from it. */
export const namespaces: Check = ({ container: { HostConfig } }, { security_options }) => {
  const found: Found[] = spaces
    .filter(([space]) => HostConfig[space] === "host")
    .map(([, check, severity, evidence]) => ({ check, severity, evidence }));
  if (HostConfig.UsernsMode === "host") {
    const remaps = security_options.includes("userns");
    found.push({
      check: "host_userns",
      severity: remaps ? "warning" : "info",
      evidence: remaps
        ? "its root is this machine's root, unlike that of the others"
        : "it would stay out of a remapping of users",
    });
  }
  const parent = HostConfig.CgroupParent ?? "";
  if (parent !== "" && !/^\/?docker\/?$|^system\.slice$/.test(parent))
    found.push({ check: "cgroup_parent", severity: "info", evidence: "it runs in a cgroup of its own choice" });
  return found;
};
