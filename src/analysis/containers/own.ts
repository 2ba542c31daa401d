/**
 * The id of the container that a process runs in, from its `/proc/self/mountinfo`: the engine mounts three files there
 * from the container's own folder, under either version of cgroups. Undefined outside of a container.
 */
export function ownContainerId(mountinfo: string): string | undefined {
  return /\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf) \/etc\//.exec(mountinfo)?.[1];
}
