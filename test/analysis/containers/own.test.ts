import { expect, test } from "vitest";
import { ownContainerId } from "../../../src/analysis/containers/own.ts";

const id = "0123456789abcdef".repeat(4);
const mount = (root: string, at: string) => `611 600 253:1 ${root} ${at} rw,relatime - ext4 /dev/vda1 rw`;

test.each([
  [mount(`/var/lib/docker/containers/${id}/hostname`, "/etc/hostname"), id],
  [mount(`/mnt/.ix-apps/docker/containers/${id}/resolv.conf`, "/etc/resolv.conf"), id],
  // A container that only mounts the engine's folder is another one.
  [mount(`/var/lib/docker/containers/${id}/hostname`, "/watched/hostname"), undefined],
  [mount("/", "/"), undefined],
  ["", undefined],
])("%s", (mountinfo, own) => {
  expect(ownContainerId(mountinfo)).toBe(own);
});
