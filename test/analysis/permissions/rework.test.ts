import { describe, expect, test } from "vitest";
import {
  type Rework,
  reworked,
  reworkedService,
  sayRework,
  scratchFor,
} from "../../../src/analysis/permissions/fix/rework.ts";
import { container } from "../support/containers.ts";

const nothing: Rework = { hardening: new Set(), scratch: [], user: null, secrets: [] };
const all: Rework = {
  hardening: new Set(["new_privileges", "capabilities_kept", "writable_rootfs"]),
  scratch: ["/tmp", "/run"],
  user: { uid: 3001, gid: 3001, variables: null },
  secrets: [
    {
      variable: "POSTGRES_PASSWORD",
      reads: "POSTGRES_PASSWORD_FILE",
      file: "/etc/secrets/db/POSTGRES_PASSWORD",
      target: "/run/secrets/db_postgres_password",
    },
  ],
};
const becoming: Rework = {
  ...nothing,
  user: { uid: 3002, gid: 3002, variables: { uid: "PUID", gid: "PGID" } },
};
const create = {
  name: "db",
  body: {
    Image: "postgres:16",
    User: "0",
    HostConfig: {
      Binds: ["data:/var/lib/postgresql/data"],
      SecurityOpt: ["apparmor=docker-default"],
      Tmpfs: { "/run": "size=1m" },
      Mounts: [{ Type: "volume", Source: "more", Target: "/more" }],
    },
  },
  without_env: [],
  with_env: {},
};

describe("a container that is made again", () => {
  test("gets less rights, a user, and files in place of variables, and keeps all else", () => {
    expect(reworked(create, all)).toEqual({
      name: "db",
      body: {
        Image: "postgres:16",
        User: "3001:3001",
        HostConfig: {
          Binds: ["data:/var/lib/postgresql/data"],
          SecurityOpt: ["apparmor=docker-default", "no-new-privileges:true"],
          CapDrop: ["ALL"],
          ReadonlyRootfs: true,
          Tmpfs: { "/tmp": "", "/run": "size=1m" },
          Mounts: [
            { Type: "volume", Source: "more", Target: "/more" },
            {
              Type: "bind",
              Source: "/etc/secrets/db/POSTGRES_PASSWORD",
              Target: "/run/secrets/db_postgres_password",
              ReadOnly: true,
            },
          ],
        },
      },
      without_env: ["POSTGRES_PASSWORD"],
      with_env: { POSTGRES_PASSWORD_FILE: "/run/secrets/db_postgres_password" },
    });
  });
  test("is as before where nothing is to be different", () => {
    expect(reworked(create, nothing)).toEqual(create);
    expect([reworkedService(nothing), sayRework("db", nothing)]).toEqual([{}, []]);
  });
  test("starts as root still where its image becomes whom variables name", () => {
    expect(reworked(create, becoming)).toMatchObject({
      body: { User: "0" },
      with_env: { PUID: "3002", PGID: "3002" },
    });
    expect(reworkedService(becoming)).toEqual({ environment: { PUID: "3002", PGID: "3002" } });
    expect(sayRework("plex", becoming)).toEqual(["plex: + environment: PUID=3002", "plex: + environment: PGID=3002"]);
  });
});

test("a folder in memory is put only where nothing is mounted", () => {
  const mounts = [{ Type: "bind", Source: "/mnt/tank/run", Destination: "/run", RW: true }];
  expect(scratchFor(container("db", { Mounts: mounts }))).toEqual(["/tmp"]);
});

test("a service of a compose file says the same", () => {
  expect(reworkedService(all)).toMatchObject({
    user: "3001:3001",
    security_opt: ["no-new-privileges:true"],
    cap_drop: ["ALL"],
    read_only: true,
    tmpfs: ["/tmp", "/run"],
    secrets: [
      {
        variable: "POSTGRES_PASSWORD",
        reads: "POSTGRES_PASSWORD_FILE",
        name: "db_postgres_password",
        file: "/etc/secrets/db/POSTGRES_PASSWORD",
      },
    ],
  });
});

test("a person reads it in compose's words", () => {
  expect(sayRework("db", all)).toEqual([
    'db: + user: "3001:3001"',
    "db: + security_opt: [no-new-privileges:true]",
    "db: + cap_drop: [ALL]",
    "db: + read_only: true",
    "db: + tmpfs: [/tmp, /run]",
    "db: + environment: POSTGRES_PASSWORD_FILE=/run/secrets/db_postgres_password, in place of POSTGRES_PASSWORD",
  ]);
});

test("where a variable names its own file, it says so as a URL", () => {
  const secret = {
    variable: "AUTHENTIK_SECRET_KEY",
    reads: "AUTHENTIK_SECRET_KEY",
    file: "/f/x",
    target: "/run/secrets/x",
  };
  const rework = { ...nothing, secrets: [secret] };
  expect(reworked({ body: {} }, rework)).toMatchObject({
    without_env: ["AUTHENTIK_SECRET_KEY"],
    with_env: { AUTHENTIK_SECRET_KEY: "file:///run/secrets/x" },
  });
  expect(reworkedService(rework).secrets).toEqual([
    { variable: "AUTHENTIK_SECRET_KEY", reads: "AUTHENTIK_SECRET_KEY", name: "x", file: "/f/x" },
  ]);
  expect(sayRework("auth", rework)).toEqual([
    "auth: + environment: AUTHENTIK_SECRET_KEY=file:///run/secrets/x, in place of AUTHENTIK_SECRET_KEY",
  ]);
});
