import type { Check } from "../finding.ts";
import { listed } from "../listed.ts";

/** What containers are ordinarily given: GPUs, tun for VPNs, sound, serial sticks, DVB, cameras, and what every one has. */
const ordinary =
  /^\/dev\/(dri|net\/tun|snd|dvb|video\d+|tty(USB|ACM|AMA|S)\d*|serial|nvidia.*|kfd|fuse|null|zero|random|urandom|shm)(\/|$)/;
/** A disk, or the memory itself: whoever may write it, owns the machine. */
const deadly =
  /^\/dev(\/(mem|kmem|port|kcore|zfs|(sd|hd|vd|xvd)[a-z]+\d*|nvme\d+.*|mmcblk\d+.*|dm-\d+|md\d+|zd\d+|sg\d+|disk|mapper)(\/.*)?)?$/;

/** Devices of the machine that it was given. */
export const devices: Check = ({ container: { HostConfig, Mounts } }) => {
  const given = [
    ...(HostConfig.Devices ?? []).map(({ PathOnHost }) => PathOnHost),
    ...Mounts.flatMap(({ Type, Source = "" }) => (Type === "bind" && Source.startsWith("/dev/") ? [Source] : [])),
  ].filter((path) => !ordinary.test(path));
  if (given.length === 0) return [];
  const worst = given.filter((path) => deadly.test(path));
  return [
    {
      check: "host_devices",
      severity: worst.length > 0 ? "critical" : "info",
      evidence: worst.length > 0 ? `${listed(worst)}: it can read and write past every permission` : listed(given),
    },
  ];
};
