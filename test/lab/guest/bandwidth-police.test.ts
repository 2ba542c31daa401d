import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectNetwork, type Network, type NetworkChanges } from "../../../src/systems/network/index.ts";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { sudoers } from "../../../src/systems/shell/sudoers.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

// A kernel under QEMU without hardware's help, on cores that others need as well.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const veth = "veth0a1b2c3";
const [host, container] = ["10.66.0.1", "10.66.0.2"];

/** A cable as Docker lays one, on a kernel that has no ifb, over ssh by an account with our sudo lines. */
describe.skipIf(guestMissing !== null)(onGuest("a bandwidth limit on a kernel without ifb"), () => {
  let guest: ZfsGuest;
  let shells: Shells;
  let network: { reading: Network; changing: NetworkChanges };
  beforeAll(async () => {
    guest = await startZfsGuest();
    await guest.run("cat >/etc/sudoers.d/home-steward && chmod 440 /etc/sudoers.d/home-steward", sudoers("steward"));
    await guest.run("cat >/run/flow.py", readFileSync(new URL("../support/flow.py", import.meta.url), "utf8"));
    await guest.run("ip netns add container");
    await guest.run(`ip link add ${veth} type veth peer name eth0 netns container`);
    await guest.run(`ip addr add ${host}/24 dev ${veth} && ip link set ${veth} up`);
    await guest.run(`ip -n container addr add ${container}/24 dev eth0 && ip -n container link set eth0 up`);
    shells = connectShell({ kind: "ssh", ssh: { ...guest.ssh, user: "steward" } });
    network = connectNetwork(shells);
  });
  afterAll(async () => {
    await shells.close();
    await guest.down();
  });

  const flow = (what: string) => `python3 /run/flow.py ${what}`;
  const inside = (what: string) => `ip netns exec container ${flow(what)}`;
  /** Bits per second that get through, of more than may. */
  const sent = async () => Number(await guest.run(`${inside(`send ${host} 9000`)} & ${flow("receive 9000")}`));
  const received = async () => Number(await guest.run(`${flow(`send ${container} 9000`)} & ${inside("receive 9000")}`));

  it("is held by dropping what is too much, within 15 percent, and can be changed", async () => {
    await expect(guest.run("modprobe ifb")).rejects.toThrow("ifb");
    await network.changing.shape(veth, { ingress_bits_per_s: 12_000_000, egress_bits_per_s: 8_000_000 });
    expect(await network.reading.shaped(veth)).toEqual({
      ingress_bits_per_s: 12_000_000,
      egress_bits_per_s: 8_000_000,
      foreign: null,
      by: "police",
    });
    const [out, into] = [await sent(), await received()];
    await network.changing.shape(veth, { ingress_bits_per_s: null, egress_bits_per_s: 4_000_000 });
    const less = await sent();
    expect(out).toBeGreaterThan(6_800_000);
    expect(out).toBeLessThan(9_200_000);
    expect(into).toBeGreaterThan(10_200_000);
    expect(into).toBeLessThan(13_800_000);
    expect(less).toBeGreaterThan(3_400_000);
    expect(less).toBeLessThan(4_600_000);
  });

  it("is taken off without a trace", async () => {
    await network.changing.shape(veth, { ingress_bits_per_s: null, egress_bits_per_s: null });
    expect(await guest.run(`tc qdisc show dev ${veth}; tc filter show dev ${veth} ingress; ip -o link`)).not.toMatch(
      /htb|ingress|police|hs0a/,
    );
    expect(await sent()).toBeGreaterThan(13_800_000);
  });
});
