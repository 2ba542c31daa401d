import type { Check, Found } from "../finding.ts";
import { listed } from "../listed.ts";

/** What Docker gives every container anyway: adding them back after cap_drop is the way it is meant. */
const ordinary = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
/** With one of these a process gets out of its container (capabilities(7)). */
const escaping = new Set(
  "ALL BPF DAC_READ_SEARCH MAC_ADMIN MAC_OVERRIDE PERFMON SYS_ADMIN SYS_BOOT SYS_MODULE SYS_PTRACE SYS_RAWIO".split(
    " ",
  ),
);
const plain = (capability: string) => capability.toUpperCase().replace(/^CAP_/, "");

/** What it may do beyond an ordinary container: privileges, capabilities, and what confines it. */
export const privileges: Check = ({ container }, { security_options }) => {
  const { HostConfig, AppArmorProfile } = container;
  if (HostConfig.Privileged)
    return [
      {
        check: "privileged",
        severity: "critical",
        evidence: "privileged: all capabilities, all devices, no seccomp and no AppArmor; it is root on this machine",
      },
    ];
  const found: Found[] = [];
  const added = (HostConfig.CapAdd ?? []).map(plain).filter((capability) => !ordinary.has(capability));
  if (added.length > 0) {
    const out = added.filter((capability) => escaping.has(capability));
    found.push({
      check: "capabilities_added",
      severity: out.length > 0 ? "critical" : "warning",
      evidence: `added: ${listed(added, 10)}${out.length > 0 ? `; with ${listed(out, 10)} it can leave its container` : ""}`,
    });
  }
  if (!(HostConfig.CapDrop ?? []).map(plain).includes("ALL"))
    found.push({ check: "capabilities_kept", severity: "info", evidence: "it keeps Docker's 14 default capabilities" });

  const options = (HostConfig.SecurityOpt ?? []).map((option) => option.replace(":", "="));
  const says = (...texts: string[]) => texts.some((text) => options.includes(text));
  if (!says("no-new-privileges", "no-new-privileges=true") && !security_options.includes("no-new-privileges"))
    found.push({ check: "new_privileges", severity: "info", evidence: "a setuid program in it can gain rights" });
  if (says("seccomp=unconfined"))
    found.push({
      check: "seccomp_off",
      severity: "warning",
      evidence: "seccomp=unconfined: every system call is allowed",
    });
  const profile = AppArmorProfile ?? "";
  if (says("apparmor=unconfined") || (security_options.includes("apparmor") && profile === "unconfined"))
    found.push({ check: "apparmor_off", severity: "warning", evidence: "it runs without an AppArmor profile" });
  // The engine says so itself where host processes or their memory are shared: those are findings of their own.
  const by_engine = HostConfig.PidMode === "host" || HostConfig.IpcMode === "host";
  if (says("label=disable") && !by_engine)
    found.push({ check: "selinux_off", severity: "warning", evidence: "label=disable: SELinux does not confine it" });
  return found;
};
