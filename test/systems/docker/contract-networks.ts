import { expect, it } from "vitest";
import type { Bench } from "./contract.ts";

/** The part of the contract about networks, addresses and ports. */
export function networkContract({ rig, docker, create, running }: Bench): void {
  it("joins and leaves networks with aliases and static addresses", async () => {
    const { reading, changing } = docker();
    const id = await running("contract-net");
    await changing.connect(rig().network, id, { Aliases: ["extra"], IPAMConfig: { IPv4Address: rig().address } });
    const joined = (await reading.inspect(id)).NetworkSettings.Networks[rig().network];
    expect(joined).toMatchObject({ IPAddress: rig().address, IPAMConfig: { IPv4Address: rig().address } });
    expect(joined?.Aliases).toContain("extra");
    expect(joined?.MacAddress).toMatch(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    await expect(changing.connect(rig().network, id, {})).rejects.toMatchObject({ code: "conflict" });
    await changing.disconnect(rig().network, id);
    await expect(changing.disconnect(rig().network, id)).rejects.toMatchObject({ code: "conflict" });
    await expect(changing.connect("contract-no-net", id, {})).rejects.toMatchObject({ code: "not_found" });
  });

  it("gives a stopped container's address back, and the same one to its successor", async () => {
    const { reading, changing } = docker();
    const body = {
      HostConfig: { NetworkMode: rig().network },
      NetworkingConfig: { EndpointsConfig: { [rig().network]: { IPAMConfig: { IPv4Address: rig().address } } } },
    };
    const old = await running("contract-address", body);
    await changing.stop(old, 1);
    await changing.rename(old, "contract-address-old");
    const fresh = await running("contract-address", body);
    expect((await reading.inspect(fresh)).NetworkSettings.Networks[rig().network]?.IPAddress).toBe(rig().address);
    expect((await reading.inspect(old)).NetworkSettings.Networks[rig().network]?.IPAddress).toBe("");
  });

  it("resolves container: networks to the id, and does not start one whose owner is down", async () => {
    const { reading, changing } = docker();
    const owner = await create("contract-owner");
    const id = await create("contract-guest", { HostConfig: { NetworkMode: "container:contract-owner" } });
    const guest = await reading.inspect(id);
    expect(guest.HostConfig.NetworkMode).toBe(`container:${owner}`);
    expect(guest.NetworkSettings.Networks).toEqual({});
    await expect(changing.start(id)).rejects.toMatchObject({ code: "conflict" });
    await changing.start(owner);
    await changing.start(id);
    expect((await reading.inspect(id)).State.Status).toBe("running");
    await expect(changing.connect(rig().network, id, {})).rejects.toMatchObject({ code: "bad_input" });
  });

  it("refuses to start where the port is taken", async () => {
    const { changing } = docker();
    const HostConfig = { PortBindings: { "8080/tcp": [{ HostIp: "", HostPort: "18081" }] } };
    await running("contract-port", { HostConfig });
    const second = await create("contract-port-too", { HostConfig });
    await expect(changing.start(second)).rejects.toMatchObject({ code: "conflict" });
  });
}
