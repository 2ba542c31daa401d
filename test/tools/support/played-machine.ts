import { connectCgroups } from "../../../src/systems/cgroup/index.ts";
import type { ContainerInspected } from "../../../src/systems/docker/shapes.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { playedRunner } from "../../support/played-shell.ts";

/** A machine under cgroups of version 2 with one disk, 8:16 at /mnt/tank, and ZFS at /mnt/zfs; containers are moved in. */
export function playedMachine() {
  const ioMax = new Map<string, string>();
  const scopes = new Map<number, string>();
  const filesystems = [
    { target: "/mnt/tank", source: "/dev/sdb1", fstype: "ext4", "maj:min": "8:17" },
    { target: "/mnt/zfs", source: "tank", fstype: "zfs", "maj:min": "0:50" },
  ];
  const blockdevices = [
    { kname: "sdb", pkname: null, type: "disk", "maj:min": "8:16", path: "/dev/sdb" },
    { kname: "sdb1", pkname: "sdb", type: "part", "maj:min": "8:17", path: "/dev/sdb1" },
  ];
  const memory = new Map<string, () => { memory: string; cpu: string }>();
  const runner = playedRunner(([program = "", ...words]) => {
    if (program.endsWith("findmnt")) return { stdout: JSON.stringify({ filesystems }) };
    if (program.endsWith("lsblk")) return { stdout: JSON.stringify({ blockdevices }) };
    if (program.endsWith("find")) {
      ioMax.set(words[4] ?? "", words[5] ?? "");
      return {};
    }
    const path = words[1] ?? "";
    const pid = Number(/^\/proc\/(\d+)\/cgroup$/.exec(path)?.[1]);
    if (scopes.has(pid)) return { stdout: `0::/${scopes.get(pid)}\n` };
    const scope = path.replace("/sys/fs/cgroup/", "").replace(/\/[^/]*$/, "");
    const limits = memory.get(scope)?.();
    if (limits === undefined) return { code: 1 };
    if (path.endsWith("memory.max")) return { stdout: limits.memory };
    if (path.endsWith("cpu.max")) return { stdout: limits.cpu };
    return { stdout: ioMax.get(path) ?? "" };
  });
  const shells = {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: async () => {},
  };
  return {
    ...connectCgroups(shells),
    ioMax,
    /** `limits` says what the kernel holds it to: a real engine writes that itself. */
    moveIn({ Id, State }: Pick<ContainerInspected, "Id" | "State">, limits: () => { memory: string; cpu: string }) {
      const scope = `system.slice/docker-${Id}.scope`;
      scopes.set(State.Pid, scope);
      memory.set(scope, limits);
    },
  };
}
