import { describe, expect, it, test } from "vitest";
import type { Accounts, Subject } from "../../../src/analysis/permissions/finding.ts";
import { chooseAccount } from "../../../src/analysis/permissions/fix/own-account.ts";
import { eligible } from "../../../src/analysis/permissions/fix/own-user.ts";
import { container, image } from "../support/containers.ts";

type Fields = Record<string, unknown>;
interface More {
  State?: Fields;
  HostConfig?: Fields;
  Mounts?: Fields[];
}
const subject = (name: string, Config: Fields = {}, more: More = {}, uids: number[] | null = null): Subject => ({
  container: container(name, { ...more, Config: { Image: "zoo/app:1.0", ...Config } }),
  image: undefined,
  process_uids: uids,
});
const plain = { security_options: ["seccomp"], accounts: null };
const unknown =
  "Whether its image can start without root is not known: it shows when it starts, and is taken back if not.";

describe("a container can get a user of its own", () => {
  it.each([
    ["as root, of whose image nothing is known", subject("app"), [0], 0, [unknown]],
    ["as root with others", subject("app", {}, {}, [0, 33]), [0, 33], 0, [unknown]],
    ["as an administrator", subject("app", { User: "950:950" }), [950], 950, []],
    ["as a name of its image, while it runs", subject("app", { User: "node" }, {}, [1000]), [1000], null, []],
    ["a database that hands over by itself", subject("db", { Image: "postgres:17" }, {}, [999]), [999], null, []],
    ["a database that does not run", subject("db", { Image: "docker.io/library/redis:7" }), [0], 0, []],
  ])("by user: %s", (_, one, uids, gid, warnings) => {
    expect(eligible(one, plain)).toEqual({ variables: null, uids: new Set(uids), gid, warnings });
  });

  it.each([
    ["linuxserver/sonarr:4", ["PUID=950", "PGID=950"], "PUID", "PGID", 950],
    ["lscr.io/linuxserver/sonarr:4", [], "PUID", "PGID", 911],
    ["plexinc/pms-docker:latest", ["PLEX_UID=0", "PLEX_GID=0"], "PLEX_UID", "PLEX_GID", 0],
    ["jlesage/handbrake", [], "USER_ID", "GROUP_ID", 1000],
  ])("by variables: %s", (Image, Env, uid, gid, now) => {
    expect(eligible(subject("app", { Image, Env, Entrypoint: ["/init"] }), plain)).toEqual({
      variables: { uid, gid },
      uids: new Set([now]),
      gid: now,
      warnings: [],
    });
  });

  it("by user:, which nobody has tried before it is started where it is stopped", () => {
    expect(eligible(subject("app", {}, { State: { Running: false } }), plain)).toMatchObject({
      warnings: ["Whether its image can start without root is not known, and shows only when somebody starts it."],
    });
  });

  it("with its devices, of which it is told", () => {
    const Devices = [{ PathOnHost: "/dev/dri", PathInContainer: "/dev/dri", CgroupPermissions: "rwm" }];
    expect(eligible(subject("app", { User: "950" }, { HostConfig: { Devices } }), plain)).toMatchObject({
      warnings: ["It has devices of the machine: without root it may need their group (group_add)."],
    });
  });
});

describe("a container can't", () => {
  const socket = { Type: "bind", Source: "/run/docker.sock", Destination: "/var/run/docker.sock", RW: false };
  const mounting = (mount: Fields) => ({ Mounts: [mount] });
  it.each([
    ["it has Docker's socket", subject("portainer", { Image: "portainer/portainer-ce" }, mounting(socket))],
    ["it has Docker's socket", subject("lsio", { Image: "linuxserver/heimdall" }, mounting(socket))],
    ["it is privileged", subject("app", {}, { HostConfig: { Privileged: true } })],
    [
      "it was put into an administrator's group (group_add docker)",
      subject("a", {}, { HostConfig: { GroupAdd: ["docker"] } }),
    ],
    [
      "it was put into an administrator's group (group_add 544)",
      subject("a", {}, { HostConfig: { GroupAdd: ["544"] } }),
    ],
    ["nginx's image starts as root", subject("web", { Image: "nginx:1.27" })],
    ["nginx's image starts as root", subject("web", { Image: "docker.io/library/nginx" })],
    ["Pi-hole starts as root", subject("dns", { Image: "pihole/pihole:latest" })],
    ["its image starts with s6-overlay", subject("app", { Entrypoint: ["/init"] })],
    [
      "it has capabilities that only root can use (NET_ADMIN)",
      subject("vpn", {}, { HostConfig: { CapAdd: ["NET_ADMIN"] } }),
    ],
    [
      "it listens on the machine's port 53, which only root may",
      subject("dns", { ExposedPorts: { "53/udp": {}, "8053/tcp": {} } }, { HostConfig: { NetworkMode: "host" } }),
    ],
    ["it runs as node of its image", subject("app", { User: "node" })],
  ])("%s", (why, one) => {
    expect(eligible(one, plain)).toEqual({ why: expect.stringContaining(why) });
  });

  test("where the engine maps users, unless it was told not to for this one", () => {
    const mapped = { security_options: ["name=seccomp", "userns"], accounts: null };
    expect(eligible(subject("app"), mapped)).toEqual({ why: expect.stringContaining("maps its users") });
    expect(eligible(subject("app", {}, { HostConfig: { UsernsMode: "host" } }), mapped)).toHaveProperty("uids");
    expect(eligible(subject("app"), { security_options: ["rootless"], accounts: null })).toHaveProperty("why");
  });

  test("but other images with nginx in their name can", () => {
    for (const Image of ["nginxinc/nginx-unprivileged:1.27", "someone/nginx:1", "mynginx"])
      expect(eligible(subject("web", { Image }), plain)).toHaveProperty("uids");
  });

  test("where its image's own entrypoint is s6's", () => {
    const own = { ...subject("app"), image: image({ Entrypoint: ["/init"] }) };
    expect(eligible(own, plain)).toEqual({ why: expect.stringContaining("s6-overlay") });
  });
});

describe("the account it gets", () => {
  const accounts: Accounts = {
    users: [
      { name: "root", uid: 0, gid: 0 },
      { name: "anna", uid: 1000, gid: 1000 },
      { name: "truenas_admin", uid: 950, gid: 950 },
      { name: "third", uid: 3002, gid: 100 },
    ],
    groups: [
      { name: "root", gid: 0, members: [] },
      { name: "sudo", gid: 27, members: ["anna", "hs-boss"] },
      { name: "media", gid: 3000, members: [] },
    ],
  };
  const other = subject("other", { User: "3003:3004" });
  const choose = (one: Subject, users: Accounts["users"] = [], taken: number[] = []) =>
    chooseAccount(
      one,
      {
        subjects: [one, other, subject("db", {}, {}, [3005])],
        accounts: { ...accounts, users: [...accounts.users, ...users] },
      },
      new Set(taken),
    );

  it("is new, with the first number that no user, group and container has", () => {
    // 3000 is a group's, 3002 a user's, 3003 and 3004 a container's by its settings, 3005 another's by its processes.
    expect(choose(subject("sonarr"))).toEqual({ name: "hs-sonarr", id: { uid: 3001, gid: 3001 }, made: true });
    expect(choose(subject("sonarr"), [], [3001])).toEqual({
      name: "hs-sonarr",
      id: { uid: 3006, gid: 3006 },
      made: true,
    });
  });

  it.each([
    ["hs-sonarr", "sonarr"],
    ["sonarr", "sonarr"],
    ["hs-my-app-2", "My.App-2"],
  ])("is %s, which is there already and its own", (name, container_name) => {
    expect(choose(subject(container_name), [{ name, uid: 1234, gid: 100 }])).toEqual({
      name,
      id: { uid: 1234, gid: 100 },
      made: false,
    });
  });

  it.each([
    ["another container's", { name: "hs-sonarr", uid: 3003, gid: 3003 }],
    ["root's second name", { name: "hs-sonarr", uid: 0, gid: 0 }],
    ["anna's second name", { name: "hs-sonarr", uid: 1000, gid: 100 }],
    ["given away in this plan already", { name: "hs-sonarr", uid: 3010, gid: 3010 }],
  ])("is another where the one of its name is %s", (_, user) => {
    expect(choose(subject("sonarr"), [user], [3010])).toEqual({
      name: "hs-sonarr-3001",
      id: { uid: 3001, gid: 3001 },
      made: true,
    });
  });

  it("is none of the system's, though it has the container's name", () => {
    const postgres = { name: "postgres", uid: 115, gid: 121 };
    expect(choose(subject("postgres"), [postgres])).toEqual({
      name: "hs-postgres",
      id: { uid: 3001, gid: 3001 },
      made: true,
    });
  });

  it("is not that of a container whose name makes the same one", () => {
    const [one, another] = [subject("my.app"), subject("my-app")];
    const around = { subjects: [one, another], accounts };
    const numbered = { name: "hs-my-app-3001", id: { uid: 3001, gid: 3001 }, made: true };
    expect(chooseAccount(one, around, new Set())).toEqual(numbered);
    const left = { ...accounts, users: [...accounts.users, { name: "hs-my-app", uid: 3010, gid: 3010 }] };
    expect(chooseAccount(one, { ...around, accounts: left }, new Set())).toEqual(numbered);
  });

  it("is never an administrator's", () => {
    expect(choose(subject("root"))).toEqual({ name: "hs-root", id: { uid: 3001, gid: 3001 }, made: true });
    expect(choose(subject("boss"), [{ name: "hs-boss", uid: 1700, gid: 1700 }])).toMatchObject({ made: true });
  });

  it("has a name that accounts may have", () => {
    expect(choose(subject("_A.very.long.Name_of-a-container_with_more"))?.name).toBe(
      "hs-a-very-long-name_of-a-contain",
    );
    const long = subject(`a${"b".repeat(40)}`);
    const name = `hs-a${"b".repeat(28)}`;
    expect(choose(long, [{ name, uid: 0, gid: 0 }])?.name).toBe(`hs-a${"b".repeat(22)}-3001`);
  });

  it("is none where all numbers are taken", () => {
    const all = Array.from({ length: 57_000 }, (_, at) => 3000 + at);
    expect(choose(subject("sonarr"), [], all)).toBeNull();
  });
});
