import { describe, expect, test } from "vitest";
import type { Subject } from "../../../src/analysis/permissions/finding.ts";
import { havingFolder, movable } from "../../../src/analysis/permissions/fix/secret-files.ts";
import { container, image as imageOf } from "../support/containers.ts";

const folder = "/mnt/tank/home-steward-secrets";
const secret = "s3cret-value";

/** A container of such an image, with these variables and whatever else is said of it. */
const running = (Image: string, Env: string[], more: object = {}, process_uids: number[] | null = null): Subject => ({
  container: container("app", { Config: { Image, Env, Entrypoint: ["entry.sh"], ...more } }),
  image: imageOf({ Entrypoint: ["entry.sh"] }),
  process_uids,
});
const moves = (...of: Parameters<typeof running>) =>
  movable(running(...of), null, folder).moved.map(({ variable, reads, reader }) => [
    variable,
    reads,
    `${reader.uid}${reader.root_group ? " and root's group" : ""}`,
  ]);

describe("which secrets can move into files", () => {
  test("with the place of each, on the machine and in the container", () => {
    expect(movable(running("postgres:16", [`POSTGRES_PASSWORD=${secret}`, "POSTGRES_USER=me"]), null, folder)).toEqual({
      moved: [
        {
          variable: "POSTGRES_PASSWORD",
          reads: "POSTGRES_PASSWORD_FILE",
          file: "/mnt/tank/home-steward-secrets/app.POSTGRES_PASSWORD",
          target: "/run/secrets/app.POSTGRES_PASSWORD",
          reader: { uid: 999, root_group: true },
        },
      ],
      left: [],
    });
  });

  test.each([
    ["postgres:16-alpine", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "70 and root's group"],
    ["docker.io/library/mysql:8", "MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE", "999 and root's group"],
    ["mariadb", "MARIADB_PASSWORD", "MARIADB_PASSWORD_FILE", "999 and root's group"],
    ["mongo:7", "MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE", "999 and root's group"],
    ["wordpress:6", "WORDPRESS_DB_PASSWORD", "WORDPRESS_DB_PASSWORD_FILE", "33 and root's group"],
    ["nextcloud:29-fpm-alpine", "MYSQL_PASSWORD", "MYSQL_PASSWORD_FILE", "82 and root's group"],
    ["vaultwarden/server:1.32", "ADMIN_TOKEN", "ADMIN_TOKEN_FILE", "0"],
    ["ghcr.io/paperless-ngx/paperless-ngx:2", "PAPERLESS_DBPASS", "PAPERLESS_DBPASS_FILE", "0"],
    ["ghcr.io/immich-app/immich-server:v1", "DB_PASSWORD", "DB_PASSWORD_FILE", "0"],
    ["ghcr.io/immich-app/postgres:14", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "999 and root's group"],
    ["lscr.io/linuxserver/bookstack:24", "DB_PASSWORD", "FILE__DB_PASSWORD", "0"],
    ["grafana/grafana-oss:11", "GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE", "0"],
    ["ghcr.io/goauthentik/server:2025.2", "AUTHENTIK_SECRET_KEY", "AUTHENTIK_SECRET_KEY", "0"],
  ])("%s reads %s by %s, as %s", (image, variable, reads, reader) => {
    expect(moves(image, [`${variable}=${secret}`])).toEqual([[variable, reads, reader]]);
  });

  test("for whom the container starts as", () => {
    const env = [`GF_SECURITY_ADMIN_PASSWORD=${secret}`];
    const reader = (config: object, uids: number[] | null = null) =>
      moves("grafana/grafana", env, config, uids)[0]?.[2];
    expect(reader({ User: "472" })).toBe("472");
    expect(reader({ User: "0:0" })).toBe("0");
    expect(reader({ User: "grafana" }, [472, 472])).toBe("472");
    expect(reader({ User: "grafana" }, [472, 0])).toBeUndefined();
    expect(moves("postgres", [`POSTGRES_PASSWORD=${secret}`], { User: "1000:1000" })[0]?.[2]).toBe("1000");
  });

  test("for the user that it becomes by the same plan", () => {
    const postgres = running("postgres", [`POSTGRES_PASSWORD=${secret}`]);
    expect(movable(postgres, { uid: 3001, gid: 3001, variables: null }, folder).moved[0]?.reader).toEqual({
      uid: 3001,
      root_group: false,
    });
    // Starts as root, reads it, and becomes that one only then.
    const sonarr = running("linuxserver/bookstack", [`DB_PASS=${secret}`], { User: "" });
    const variables = { uid: "PUID", gid: "PGID" };
    expect(movable(sonarr, { uid: 3001, gid: 3001, variables }, folder).moved[0]?.reader).toEqual({
      uid: 0,
      root_group: false,
    });
  });

  test.each<[string, string, string[], object, string]>([
    ["image is unknown", "me/app", [`API_KEY=${secret}`], {}, "its image is not known to read any file"],
    [
      "image is known by its name only",
      "registry.lan/postgres",
      [`POSTGRES_PASSWORD=${secret}`],
      {},
      "its image is not known to read any file",
    ],
    [
      "entrypoint is another one",
      "postgres",
      [`POSTGRES_PASSWORD=${secret}`],
      { Entrypoint: ["sh"] },
      "it starts by another entrypoint than its image's, which may read no file",
    ],
    [
      "user is only a name",
      "postgres",
      [`POSTGRES_PASSWORD=${secret}`],
      { User: "somebody" },
      "it is not known as whom it starts, so not who may read the file",
    ],
    [
      "variable is none that is read from a file",
      "postgres",
      [`BACKUP_PASSWORD=${secret}`],
      {},
      "BACKUP_PASSWORD stays: its image reads it from the environment only",
    ],
    [
      "file is named already",
      "postgres",
      [`POSTGRES_PASSWORD=${secret}`, "POSTGRES_PASSWORD_FILE=/x"],
      {},
      "POSTGRES_PASSWORD stays: POSTGRES_PASSWORD_FILE is set, too",
    ],
    [
      "health check uses it",
      "mysql",
      [`MYSQL_ROOT_PASSWORD=${secret}`],
      { Healthcheck: { Test: ["CMD-SHELL", "mysqladmin ping -p$MYSQL_ROOT_PASSWORD"] } },
      "MYSQL_ROOT_PASSWORD stays: its command or its health check uses it",
    ],
    [
      "value would not be the same from a file",
      "postgres",
      [`POSTGRES_PASSWORD=${secret}\n`],
      {},
      "POSTGRES_PASSWORD stays: its value has line breaks or blanks that a file would lose",
    ],
    [
      "name is none",
      "vaultwarden/server",
      [`ADMIN.TOKEN-1=${secret}`],
      {},
      "ADMIN.TOKEN-1 stays: it has no proper name",
    ],
    [
      "name may be a value in the wrong place",
      "linuxserver/bookstack",
      [`token is hunter-2=${secret}`],
      {},
      "one without a proper name stays: it has no proper name",
    ],
  ])("and why not where the %s", (_, image, env, config, why) => {
    expect(movable(running(image, env, config), null, folder)).toEqual({ moved: [], left: [why] });
  });

  test("and not where the image would set it again, or is gone", () => {
    const image = imageOf({ Entrypoint: ["entry.sh"], Env: ["POSTGRES_PASSWORD=changeme"] });
    const subject = { ...running("postgres", [`POSTGRES_PASSWORD=${secret}`]), image };
    expect(movable(subject, null, folder).left).toEqual([
      "POSTGRES_PASSWORD stays: its image sets it, too, and would again",
    ]);
    expect(movable({ ...subject, image: undefined }, null, folder).left).toEqual([
      "its image is gone, so how it starts is not known",
    ]);
  });

  test("and no reason tells a value", () => {
    const all = ["me/app", "postgres", "vaultwarden/server"].map((image) =>
      movable(running(image, [`A_TOKEN=${secret}`, `${secret}=1`, `ADMIN.TOKEN=${secret}`]), null, folder),
    );
    expect(JSON.stringify(all)).not.toContain(secret);
  });
});

describe("who could reach all secrets", () => {
  const having = (Source: string, RW: boolean) =>
    havingFolder(folder, [
      {
        container: container("app", { Mounts: [{ Type: "bind", Source, Destination: "/x", RW }] }),
        image: undefined,
        process_uids: null,
      },
    ]);
  test.each<[string, string, boolean, "open" | "readable" | null]>([
    ["the folder itself", folder, false, "open"],
    ["one above it, to write", "/mnt/tank", true, "open"],
    ["one above it, to read", "/mnt/tank", false, "readable"],
    ["everything, to read", "/", false, "readable"],
    ["a file of it, to write", `${folder}/db.X`, true, "open"],
    ["a file of it, to read", `${folder}/db.X`, false, null],
    ["one beside it", "/mnt/tank/home-steward-secrets2", true, null],
  ])("%s", (_, source, writes, found) => {
    expect(having(source, writes)).toEqual({
      open: found === "open" ? ["app"] : [],
      readable: found === "readable" ? ["app"] : [],
    });
  });
});
