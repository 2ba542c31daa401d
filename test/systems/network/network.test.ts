import { describe, expect, it } from "vitest";
import { connectNetwork } from "../../../src/systems/network/index.ts";
import { socketOf } from "../../../src/systems/network/parse.ts";
import { playedNetwork } from "./played-network.ts";

const id = "0123456789abcdef".repeat(4);
const of = { container_id: id, pid: 4711 };
const veth = "vethab12cd3";
const cable = { ...of, veth };
const shaping = (ingress_bits_per_s: number | null, egress_bits_per_s: number | null) => ({
  ingress_bits_per_s,
  egress_bits_per_s,
});
const none = { ...shaping(null, null), foreign: null, by: null };

describe("a container's cables", () => {
  it("are found by both ends' numbers", async () => {
    const { shells } = playedNetwork([cable]);
    expect(await connectNetwork(shells).reading.interfaces(of)).toEqual([{ name: "eth0", veth, kind: "veth" }]);
  });

  it("have no end on the host where they are macvlans", async () => {
    const { shells } = playedNetwork([{ ...cable, kind: "macvlan" }]);
    expect(await connectNetwork(shells).reading.interfaces(of)).toEqual([
      { name: "eth0", veth: null, kind: "macvlan" },
    ]);
  });

  it("are not those of another process by now", async () => {
    const { reading } = connectNetwork(playedNetwork([cable]).shells);
    await expect(reading.interfaces({ ...of, pid: 4712 })).rejects.toMatchObject({ code: "not_found" });
    const other = { ...of, container_id: "f".repeat(64) };
    await expect(reading.interfaces(other)).rejects.toMatchObject({ code: "not_found" });
    await expect(reading.shaped("veth0000000")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("shaping", () => {
  it("both ways, changed, and taken away without a trace", async () => {
    const { shells, devices, made } = playedNetwork([cable]);
    const { reading, changing } = connectNetwork(shells);
    expect(await reading.shaped(veth)).toEqual(none);
    await changing.shape(veth, shaping(20_000_000, 12_500_000));
    expect(await reading.shaped(veth)).toEqual({ ...shaping(20_000_000, 12_500_000), foreign: null, by: "ifb" });
    expect([...made]).toEqual(["hsab12cd3"]);
    await changing.shape(veth, shaping(null, 8_000_000));
    expect(await reading.shaped(veth)).toEqual({ ...shaping(null, 8_000_000), foreign: null, by: "ifb" });
    await changing.shape(veth, shaping(5_000_000, null));
    expect(await reading.shaped(veth)).toEqual({ ...shaping(5_000_000, null), foreign: null, by: null });
    await changing.shape(veth, shaping(null, null));
    await changing.shape(veth, shaping(null, null));
    expect([...devices]).toEqual([[veth, {}]]);
    expect(made.size).toBe(0);
  });

  it("drops what is too much where the kernel has no ifb, and refuses where it has neither", async () => {
    const police = connectNetwork(playedNetwork([cable], { ifb: false, police: true }).shells);
    await police.changing.shape(veth, shaping(null, 8_000_000));
    expect(await police.reading.shaped(veth)).toEqual({ ...shaping(null, 8_000_000), foreign: null, by: "police" });
    await police.changing.shape(veth, shaping(null, null));
    expect(await police.reading.shaped(veth)).toEqual(none);
    const neither = playedNetwork([cable], { ifb: false, police: false });
    const { reading, changing } = connectNetwork(neither.shells);
    await expect(changing.shape(veth, shaping(null, 8_000_000))).rejects.toMatchObject({ code: "refused" });
    // What was half made limits nothing, is nobody else's, and goes.
    expect(await reading.shaped(veth)).toEqual(none);
    await changing.shape(veth, shaping(null, null));
    expect([...neither.devices]).toEqual([[veth, {}]]);
  });

  it.each([
    [{ root: { kind: "tbf", handle: "1:" } }, "tbf 1:"],
    [{ root: { kind: "htb", handle: "1:" } }, "htb 1:"],
    [{ incoming: "clsact" }, "clsact ffff:"],
    [{ incoming: "ingress", filter: "filter protocol ip pref 1 u32 chain 0 \n" }, "ingress ffff:"],
  ])("touches nothing where somebody else does so: %j", async (theirs, foreign) => {
    const { shells, devices } = playedNetwork([cable]);
    devices.set(veth, theirs);
    const { reading, changing } = connectNetwork(shells);
    expect((await reading.shaped(veth)).foreign).toBe(foreign);
    for (const wanted of [shaping(1_000_000, 1_000_000), shaping(null, null)])
      await expect(changing.shape(veth, wanted)).rejects.toMatchObject({ code: "conflict" });
    expect(devices.get(veth)).toEqual(theirs);
  });

  it("tidies up after cables that are gone, and after nothing else", async () => {
    const other = { container_id: "f".repeat(64), pid: 5, veth: "vethother" };
    const { shells, devices, made } = playedNetwork([cable, other]);
    const { changing } = connectNetwork(shells);
    await changing.shape("vethother", shaping(null, 1_000_000));
    await changing.shape(veth, shaping(null, 1_000_000));
    expect([...made].sort()).toEqual(["hsab12cd3", "hsother"]);
    devices.delete("vethother");
    devices.set("hs0", { root: { kind: "htb", handle: "1:" } });
    made.add("hs0");
    await changing.shape(veth, shaping(null, 2_000_000));
    expect([...made].sort()).toEqual(["hs0", "hsab12cd3"]);
  });

  it("forgets a cable that is gone, and sets none there", async () => {
    const { shells, devices, made } = playedNetwork([cable]);
    const { changing } = connectNetwork(shells);
    await changing.shape(veth, shaping(null, 1_000_000));
    devices.delete(veth);
    await expect(changing.shape(veth, shaping(1_000_000, null))).rejects.toMatchObject({ code: "not_found" });
    await changing.shape(veth, shaping(null, null));
    expect(made.size).toBe(0);
  });
});

describe("what listens", () => {
  it("in ss's lines: addresses of both kinds, with the program where it may be seen", () => {
    const lines = [
      'udp   UNCONN 0      0          127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=612,fd=13))',
      'tcp   LISTEN 0      128              0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=700,fd=3),("sshd",pid=9,fd=3))',
      'tcp   LISTEN 0      511                    *:32400            *:*    users:(("Plex Media Serv",pid=801,fd=20))',
      "tcp   LISTEN 0      128                 [::]:22            [::]:*",
      "udp   UNCONN 0      0      [fe80::1]%eth0:546              [::]:*",
      'tcp   LISTEN 0      1                0.0.0.0:1          0.0.0.0:*    users:(("a`b",pid=1,fd=1))',
      "u_str LISTEN 0 4096 /run/x.sock 2313 * 0",
      "",
    ];
    expect(lines.map(socketOf)).toEqual([
      { protocol: "udp", address: "127.0.0.53", port: 53, program: "systemd-resolve", pid: 612 },
      { protocol: "tcp", address: "0.0.0.0", port: 22, program: "sshd", pid: 700 },
      { protocol: "tcp", address: "::", port: 32_400, program: "Plex Media Serv", pid: 801 },
      { protocol: "tcp", address: "::", port: 22, program: null, pid: null },
      { protocol: "udp", address: "fe80::1", port: 546, program: null, pid: null },
      { protocol: "tcp", address: "0.0.0.0", port: 1, program: null, pid: null },
      null,
      null,
    ]);
  });

  it("and in which container a program is", async () => {
    const { shells } = playedNetwork([cable], {
      ifb: true,
      police: false,
      sockets: [
        'tcp LISTEN 0 511 *:32400 *:* users:(("plex",pid=4711,fd=20))',
        'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=700,fd=3))',
      ],
    });
    expect(await connectNetwork(shells).reading.listening()).toEqual([
      { protocol: "tcp", address: "::", port: 32_400, program: "plex", container_id: id },
      { protocol: "tcp", address: "0.0.0.0", port: 22, program: "sshd", container_id: null },
    ]);
  });
});
