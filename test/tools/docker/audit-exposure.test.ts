import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { fleet } from "../../../src/systems/fleet.ts";
import { connectNetwork } from "../../../src/systems/network/index.ts";
import { playedNetwork } from "../../systems/network/played-network.ts";
import { type House, openHouse } from "../support/house.ts";

const answer = z.looseObject({
  ports: z.array(
    z.looseObject({
      host: z.string(),
      port: z.string(),
      answers: z.string(),
      verdict: z.string(),
      severity: z.string(),
    }),
  ),
  total: z.number(),
  to_close: z.number(),
  unseen: z.array(z.string()),
  silent_hosts: z.array(z.looseObject({ host: z.string() })),
});
const acceptedPorts = [{ name: "*plex*", port: 32_400, protocol: "tcp" as const, reason: "films." }];

let house: House;
afterEach(() => house.close());
const audit = async (args = {}) => answer.parse((await house.call("audit_exposure", args)).structured);

describe("the demo home", () => {
  test("by Docker alone: what is published, and what images say of the host's network", async () => {
    house = await openHouse({ settings: { acceptedPorts } });
    const { ports, to_close, unseen } = await audit();
    expect(ports.map(({ severity, verdict, port, answers }) => `${severity} ${verdict} ${port} ${answers}`)).toEqual([
      "warning close 7878/tcp container radarr",
      "warning close 8181/tcp container tautulli",
      "warning close 8989/tcp container sonarr",
      "warning close 9091/tcp container gluetun",
      "warning close 9443/tcp container portainer",
      "info check 9000/tcp container authentik-server",
      "info accepted 32400/tcp container plex",
    ]);
    expect(to_close).toBe(5);
    expect(unseen).toContain("nas: What the host's own programs listen on: that takes a shell on it.");
    expect((await audit({ only_problems: true })).ports.map(({ verdict }) => verdict)).not.toContain("accepted");
    const { text } = await house.call("audit_exposure");
    expect(text.split("\n")[0]).toBe("7 open ports, 5 to close.");
    expect(text).toContain("- info, accepted: 32400/tcp on nas, container plex. Accepted: films.");
  });

  test("with a shell: what really listens", async () => {
    house = await openHouse({ settings: { acceptedPorts } });
    const { id, run } = house.fake.engine.find("plex");
    const { shells } = playedNetwork([{ container_id: id, pid: run.pid, veth: "veth1" }], {
      ifb: true,
      police: false,
      sockets: [
        `tcp LISTEN 0 1 *:32400 *:* users:(("Plex Media Serv",pid=${run.pid},fd=1))`,
        `tcp LISTEN 0 1 *:32469 *:* users:(("Plex DLNA Serve",pid=${run.pid},fd=1))`,
        'tcp LISTEN 0 1 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=1))',
        'tcp LISTEN 0 1 0.0.0.0:8989 0.0.0.0:* users:(("docker-proxy",pid=2,fd=1))',
      ],
    });
    house.systems.network = fleet("shell", ["nas"], () => connectNetwork(shells).reading);
    const { ports } = await audit();
    const of = (answers: string) =>
      ports.filter((one) => one.answers === answers).map(({ port, verdict }) => `${port} ${verdict}`);
    expect(of("container plex")).toEqual(["32469/tcp close", "32400/tcp accepted"]);
    expect(of("program sshd")).toEqual(["22/tcp check"]);
    expect(of("container sonarr")).toEqual(["8989/tcp close"]);
    expect(ports.find(({ port }) => port === "32400/tcp")).toMatchObject({
      severity: "warning",
      fix: "Not met: no other port of plex is open (32469/tcp).",
    });
  });

  test("where the shell does not answer, the rest is still told", async () => {
    house = await openHouse({ moreHosts: { away: "/nowhere/docker.sock" } });
    const { shells } = playedNetwork([]);
    const network = connectNetwork(shells).reading;
    const broken = { ...network, listening: () => Promise.reject(new Error("planted")) };
    house.systems.network = fleet("shell", ["nas"], () => broken);
    const { total, unseen, silent_hosts } = await audit();
    expect(total).toBe(7);
    expect(unseen).toContain(
      "nas: Home Steward made a mistake here. The details are in its log (stderr). Please report them.",
    );
    expect(silent_hosts.map(({ host }) => host)).toEqual(["away"]);
  });
});
