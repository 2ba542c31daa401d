import { StewardError } from "../../shared/errors.ts";
import type { MountPoint } from "./port.ts";

/** Filesystems that another machine answers for. What runs in a program (fuse) may be one, too, but for these. */
const remote = /^(nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|lustre|glusterfs|ocfs2|gfs2|ncpfs|davfs|virtiofs|autofs)$/;
const localFuse = /^fuse\.(lxcfs|gvfsd-fuse|portal|zfs|snapfuse)$/;

const isNetwork = (filesystem: string) =>
  remote.test(filesystem) || (/^fuse(\.|$)/.test(filesystem) && !localFuse.test(filesystem));

/** Parses /proc/self/mountinfo (proc_pid_mountinfo(5)): spaces and such are written as "\040". */
export function mountsOf(text: string): MountPoint[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ", 2);
      const path = before.split(" ")[4];
      const [filesystem, source = "", options = ""] = after.split(" ");
      if (path === undefined || !filesystem)
        throw new StewardError(
          "wrong_answer",
          "The kernel's table of mounts can't be read.",
          "Report it with /proc/self/mountinfo.",
        );
      return {
        path: unescaped(path),
        filesystem,
        source: unescaped(source),
        network: isNetwork(filesystem),
        acl: aclOf(filesystem, options),
      };
    });
}

/** ZFS says it in its options ("nfs4acl" on TrueNAS alone); the others have POSIX lists unless they are switched off. */
function aclOf(filesystem: string, options: string): MountPoint["acl"] {
  const has = (option: string) => options.split(",").includes(option);
  if (filesystem === "zfs") return has("nfs4acl") ? "nfsv4" : has("posixacl") ? "posix" : null;
  return /^(ext[34]|xfs|btrfs|f2fs|tmpfs)$/.test(filesystem) && !has("noacl") ? "posix" : null;
}

const unescaped = (path: string) =>
  path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
