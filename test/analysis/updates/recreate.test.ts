import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gained } from "../../../src/analysis/updates/gained.ts";
import { recreate } from "../../../src/analysis/updates/recreate.ts";
import { container, id, image } from "../support/containers.ts";

const nobody: Parameters<typeof recreate>[2] = { nameOf: () => undefined, sources: new Map() };
const again = (parts: Parameters<typeof container>[1], from = image(), around = nobody) =>
  recreate(container("web", parts), from, around);

describe("networks", () => {
  const lan = {
    NetworkID: id("f1"),
    IPAddress: "10.77.0.50",
    MacAddress: "02:42:0a:4d:00:32",
    IPAMConfig: { IPv4Address: "10.77.0.50" },
    Aliases: ["www", id("abc").slice(0, 12)],
    Links: null,
    EndpointID: id("e"),
    Gateway: "10.77.0.1",
    IPPrefixLen: 24,
    DriverOpts: null,
    GwPriority: 0,
    DNSNames: ["web", "www"],
  };
  const back = { NetworkID: id("f2"), IPAMConfig: null, Aliases: ["db"], Links: ["base:m"], MacAddress: "" };

  test("the first in the request, the others connected: static address and aliases kept, what the engine works out left out", () => {
    const made = again({
      Id: id("abc"),
      HostConfig: { NetworkMode: "lan" },
      NetworkSettings: { Networks: { back, lan } },
    });
    expect(made.body.NetworkingConfig).toEqual({
      EndpointsConfig: { lan: { IPAMConfig: { IPv4Address: "10.77.0.50" }, Aliases: ["www"] } },
    });
    expect(made.connect).toEqual([{ network: "back", endpoint: { Links: ["base:m"], Aliases: ["db"] } }]);
    expect(made.notes).toEqual([]);
  });

  test("a MAC address that was asked for is kept, one made of the address is not", () => {
    const networks = (MacAddress: string) => ({
      NetworkSettings: { Networks: { lan: { ...lan, MacAddress } } },
      HostConfig: { NetworkMode: "lan" },
    });
    const endpoint = (parts: Parameters<typeof container>[1]) =>
      again({ Id: id("abc"), ...parts }).body.NetworkingConfig;
    const kept = { EndpointsConfig: { lan: expect.objectContaining({ MacAddress: "02:42:0a:4d:00:99" }) } };
    expect(endpoint(networks("02:42:0a:4d:00:99"))).toEqual(kept);
    expect(endpoint({ ...networks(""), Config: { MacAddress: "02:42:0a:4d:00:99" } })).toEqual(kept);
    expect(JSON.stringify(endpoint(networks("02:42:0a:4d:00:32")))).not.toContain("MacAddress");
  });

  test("the default bridge needs no words; a MAC address there needs the bridge's name", () => {
    const plain = again({
      NetworkSettings: { Networks: { bridge: { IPAddress: "172.17.0.2", MacAddress: "02:42:ac:11:00:02" } } },
    });
    expect(plain.body).not.toHaveProperty("NetworkingConfig");
    expect(plain.body.HostConfig).toMatchObject({ NetworkMode: "default" });
    const fixed = again({ Config: { MacAddress: "02:42:00:00:00:01" } });
    expect(fixed.body).toMatchObject({
      MacAddress: "02:42:00:00:00:01",
      HostConfig: { NetworkMode: "bridge" },
      NetworkingConfig: { EndpointsConfig: { bridge: { MacAddress: "02:42:00:00:00:01" } } },
    });
  });

  test("a network given by id is found by it", () => {
    const made = again({
      Id: id("abc"),
      HostConfig: { NetworkMode: id("f1") },
      NetworkSettings: { Networks: { lan } },
    });
    expect(made.body.HostConfig).toMatchObject({ NetworkMode: "lan" });
  });

  test("a container that left its first network is made on one it has, or on none", () => {
    const moved = again({ NetworkSettings: { Networks: { back } } });
    expect(moved.body.HostConfig).toMatchObject({ NetworkMode: "back" });
    expect(moved.notes).toEqual([
      "It had left the network it was created on; it is created on one it is connected to.",
    ]);
    const lonely = again({ NetworkSettings: { Networks: {} } });
    expect(lonely.body.HostConfig).toMatchObject({ NetworkMode: "none" });
  });

  test("in another container's network: by its name, without what the engine refuses there", () => {
    const around = { ...nobody, nameOf: (reference: string) => (reference === id("vpn") ? "gluetun" : undefined) };
    const parts = {
      Config: { Hostname: "gluetuns-id", Domainname: "lan", ExposedPorts: { "80/tcp": {} } },
      HostConfig: { NetworkMode: `container:${id("vpn")}`, PidMode: `container:${id("vpn")}`, IpcMode: "private" },
      NetworkSettings: { Networks: {} },
    };
    const { body } = again(parts, image(), around);
    expect(body.HostConfig).toMatchObject({
      NetworkMode: "container:gluetun",
      PidMode: "container:gluetun",
      IpcMode: "private",
    });
    expect(Object.keys(body).sort()).toEqual(["HostConfig", "Image"]);
  });

  test("host and none stay as they are", () => {
    for (const NetworkMode of ["host", "none"]) {
      const { body } = again({
        HostConfig: { NetworkMode },
        NetworkSettings: { Networks: { [NetworkMode]: { NetworkID: id("1") } } },
      });
      expect(body).not.toHaveProperty("NetworkingConfig");
      expect(body.HostConfig).toMatchObject({ NetworkMode });
    }
  });
});

describe("hostname", () => {
  test("one made of the container's id is not carried, one of the owner is", () => {
    expect(again({}).body).not.toHaveProperty("Hostname");
    expect(again({ Config: { Hostname: "nas" } }).body).toHaveProperty("Hostname", "nas");
  });

  test("with the host's own naming the engine refuses one", () => {
    expect(again({ Config: { Hostname: "nas" }, HostConfig: { UTSMode: "host" } }).body).not.toHaveProperty("Hostname");
  });
});

describe("volumes", () => {
  const anonymous = (Destination: string, RW = true) => ({
    Type: "volume",
    Name: id("5e"),
    Source: "/var/lib/x",
    Destination,
    RW,
  });

  test("anonymous ones are carried over by name, of the image and of -v alike", () => {
    const made = again(
      { Mounts: [anonymous("/data"), anonymous("/config", false)] },
      image({ Volumes: { "/data": {} } }),
    );
    expect(made.body.HostConfig).toMatchObject({
      Mounts: [
        { Type: "volume", Source: id("5e"), Target: "/config", ReadOnly: true },
        { Type: "volume", Source: id("5e"), Target: "/data", ReadOnly: false },
      ],
    });
  });

  test("a mount without a source gets the one it had; named volumes, binds and tmpfs are not mounted twice", () => {
    const made = again({
      HostConfig: {
        Binds: ["named:/named", "/tmp:/host:ro"],
        Mounts: [{ Type: "volume", Target: "/unnamed" }],
        Tmpfs: { "/t": "" },
      },
      Mounts: [
        anonymous("/unnamed"),
        { ...anonymous("/named"), Name: "named" },
        { Type: "bind", Source: "/tmp", Destination: "/host", RW: false },
        { Type: "tmpfs", Destination: "/t", RW: true },
      ],
    });
    expect(made.body.HostConfig).toMatchObject({
      Binds: ["named:/named", "/tmp:/host:ro"],
      Mounts: [{ Type: "volume", Source: id("5e"), Target: "/unnamed" }],
      Tmpfs: { "/t": "" },
    });
  });

  test("nothing to mount adds nothing", () => {
    const host = again({}).body.HostConfig;
    expect(host).not.toHaveProperty("Mounts");
    expect(host).not.toHaveProperty("VolumesFrom");
  });

  test("those of another container go on coming from it, by name; if it is gone they are mounted directly", () => {
    const media = container("media", { Mounts: [anonymous("/films")] });
    const parts = { HostConfig: { VolumesFrom: [`${media.Id}:ro`] }, Mounts: [anonymous("/films", false)] };
    const made = again(parts, image(), { ...nobody, sources: new Map([[media.Id, media]]) });
    expect(made.body.HostConfig).toMatchObject({ VolumesFrom: ["media:ro"] });
    expect(made.body.HostConfig).not.toHaveProperty("Mounts");
    const orphan = again(parts);
    expect(orphan.body.HostConfig).toMatchObject({
      VolumesFrom: [],
      Mounts: [{ Source: id("5e"), Target: "/films", ReadOnly: true }],
    });
    expect(orphan.notes).toEqual(["A container it took volumes from is gone; the same volumes are mounted directly."]);
  });
});

describe("the rest", () => {
  test("links as create wants them, restart policy, devices, limits and unknown fields as they were", () => {
    const HostConfig = {
      Links: ["/base:/web/db"],
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
      Devices: [{ PathOnHost: "/dev/dri", PathInContainer: "/dev/dri", CgroupPermissions: "rwm" }],
      Memory: 67_108_864,
      MemorySwap: 134_217_728,
      FieldOfTomorrow: ["x"],
    };
    expect(again({ HostConfig }).body.HostConfig).toEqual({
      ...HostConfig,
      NetworkMode: "default",
      AutoRemove: false,
      Privileged: false,
      Links: ["base:db"],
    });
  });

  test("a published port stays exposed when the next image no longer says so; one that was never exposed is not published", () => {
    const made = again(
      {
        Config: { ExposedPorts: { "80/tcp": {} } },
        HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }], "7/tcp": [{ HostPort: "7" }] } },
      },
      image({ ExposedPorts: { "80/tcp": {} } }),
    );
    expect(made.body.ExposedPorts).toEqual({ "80/tcp": {} });
  });

  test("the image goes by the name the container goes by", () => {
    expect(again({ Config: { Image: "registry:5000/web:1" } }).body.Image).toBe("registry:5000/web:1");
  });
});

describe("nothing is gained", () => {
  const old = container("web", { HostConfig: { CapAdd: ["NET_ADMIN"] } });
  const host = (HostConfig: Record<string, string | boolean | string[] | { Source: string }[]>) =>
    gained(old, { Image: "web", HostConfig });

  test("privileges, namespaces of the host, capabilities, devices and the socket are named", () => {
    expect(host({ Privileged: true })).toEqual(["all privileges"]);
    expect(host({ NetworkMode: "host", PidMode: "host" })).toEqual(["the host's NetworkMode", "the host's PidMode"]);
    expect(host({ CapAdd: ["NET_ADMIN", "SYS_ADMIN"] })).toEqual(["more in CapAdd"]);
    expect(host({ SecurityOpt: ["seccomp=unconfined"] })).toEqual(["more in SecurityOpt"]);
    expect(host({ Binds: ["/var/run/docker.sock:/s"] })).toEqual(["the engine's socket"]);
    expect(host({ Mounts: [{ Source: "/run/docker.sock" }] })).toEqual(["the engine's socket"]);
    expect(host({ CapAdd: ["NET_ADMIN"], NetworkMode: "lan" })).toEqual([]);
  });

  test("what it had may stay", () => {
    const rich = container("portainer", {
      HostConfig: { Privileged: true, NetworkMode: "host", Binds: ["/var/run/docker.sock:/s"] },
      Mounts: [{ Type: "bind", Source: "/var/run/docker.sock", Destination: "/s", RW: true }],
    });
    expect(gained(rich, recreate(rich, image(), nobody).body)).toEqual([]);
  });

  test("a device it had may stay, although the stored plan has its keys in another order", () => {
    const Devices = [{ PathOnHost: "/dev/dri", PathInContainer: "/dev/dri", CgroupPermissions: "rwm" }];
    const sorted = [{ CgroupPermissions: "rwm", PathInContainer: "/dev/dri", PathOnHost: "/dev/dri" }];
    const plex = container("plex", { HostConfig: { Devices } });
    expect(gained(plex, { Image: "plex", HostConfig: { Devices: sorted } })).toEqual([]);
    // Rights taken away are none gained; seccomp switched off is.
    expect(gained(plex, { Image: "plex", HostConfig: { SecurityOpt: ["no-new-privileges:true"] } })).toEqual([]);
    expect(gained(plex, { Image: "plex", HostConfig: { SecurityOpt: ["seccomp=unconfined"] } })).toEqual([
      "more in SecurityOpt",
    ]);
    const other = [{ ...sorted[0], PathOnHost: "/dev/sda" }];
    expect(gained(plex, { Image: "plex", HostConfig: { Devices: other } })).toEqual(["more in Devices"]);
  });

  test("whatever a container is like, making it again gains nothing", () => {
    const mode = fc.constantFrom("default", "lan", "host", "none", `container:${id("vpn")}`);
    const space = fc.constantFrom("", "host", "private", `container:${id("vpn")}`);
    const HostConfig = fc.record({
      NetworkMode: mode,
      PidMode: space,
      IpcMode: space,
      UTSMode: fc.constantFrom("", "host"),
      Privileged: fc.boolean(),
      CapAdd: fc.subarray(["NET_ADMIN", "SYS_ADMIN"]),
      VolumesFrom: fc.subarray(["gone", "media"]),
    });
    const mounts = fc.subarray([
      { Type: "bind", Source: "/var/run/docker.sock", Destination: "/s", RW: true },
      { Type: "volume", Name: "n", Source: "/v", Destination: "/n", RW: true },
    ]);
    fc.assert(
      fc.property(HostConfig, mounts, fc.boolean(), (host, Mounts, connected) => {
        const Networks = connected ? { lan: { NetworkID: id("1") } } : {};
        const one = container("web", { HostConfig: host, Mounts, NetworkSettings: { Networks } });
        expect(gained(one, recreate(one, image(), nobody).body)).toEqual([]);
      }),
    );
  });
});
