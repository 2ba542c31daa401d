import { fullRepository, parseReference } from "../../updates/reference.ts";

/** How an image's own start takes a variable from a file. */
export interface FileReader {
  /** The variable that names the file; null for variables that it takes from the environment only. */
  names(variable: string): string | null;
  /** What that variable says of the file: its path, or a URL of it. */
  says: "path" | "url";
  /** Whom it becomes if it starts as root, and reads the file as, or may. Null: it reads it as whoever it was started as. */
  becomes: { uid: number; on_alpine: number } | null;
}

const suffixed = (pattern: RegExp, suffix = "_FILE") => ({
  names: (variable: string) => (pattern.test(variable) ? `${variable}${suffix}` : null),
  says: "path" as const,
});
// The numbers that their Dockerfiles fix. Older entrypoints read after they became this user, newer ones before.
const database = { uid: 999, on_alpine: 70 };
const mongodb = { uid: 999, on_alpine: 999 };
const www_data = { uid: 33, on_alpine: 82 };

const postgres: FileReader = { ...suffixed(/^POSTGRES_(PASSWORD|INITDB_ARGS)$/), becomes: database };
const mysql: FileReader = { ...suffixed(/^MYSQL_(ROOT_)?PASSWORD$/), becomes: database };

/**
 * Images whose start is known to read files, by their full repository.
 * Sources: for the official images docker-entrypoint.sh (`file_env`) and "Docker Secrets" in docker-library/docs; wp-config-docker.php
 * (`getenv_docker`) of wordpress, which PHP runs; nextcloud/docker, README "Docker Secrets"; `get_env_str_value` in vaultwarden's
 * src/util.rs; "Configure Grafana with Docker Secrets" and its run.sh; docs.goauthentik.io, "Configuration" (file://);
 * docs.linuxserver.io, "Environment variables from files"; immich.app/docs/install/environment-variables, "Docker Secrets";
 * docs.paperless-ngx.com/configuration ("_FILE"). Not here, because it depends on the version what the variable means: pihole.
 */
const known: readonly { image: RegExp; reader: FileReader }[] = [
  { image: /^docker\.io\/library\/postgres$/, reader: postgres },
  // Built upon it, with its entrypoint.
  { image: /^docker\.io\/(postgis\/postgis|pgvector\/pgvector|timescale\/timescaledb)$/, reader: postgres },
  { image: /^ghcr\.io\/immich-app\/postgres$/, reader: postgres },
  { image: /^docker\.io\/library\/mysql$/, reader: mysql },
  {
    image: /^docker\.io\/library\/mariadb$/,
    reader: { ...suffixed(/^(MYSQL|MARIADB)_(ROOT_)?PASSWORD(_HASH)?$/), becomes: database },
  },
  {
    image: /^docker\.io\/library\/mongo$/,
    reader: { ...suffixed(/^MONGO_INITDB_ROOT_PASSWORD$/), becomes: mongodb },
  },
  {
    image: /^docker\.io\/library\/wordpress$/,
    reader: {
      ...suffixed(/^WORDPRESS_(DB_PASSWORD|(SECURE_AUTH|AUTH|LOGGED_IN|NONCE)_(KEY|SALT))$/),
      becomes: www_data,
    },
  },
  {
    image: /^docker\.io\/library\/nextcloud$/,
    reader: {
      ...suffixed(
        /^(NEXTCLOUD_ADMIN_PASSWORD|MYSQL_PASSWORD|POSTGRES_PASSWORD|REDIS_HOST_PASSWORD|SMTP_PASSWORD|OBJECTSTORE_S3_(KEY|SECRET))$/,
      ),
      becomes: www_data,
    },
  },
  {
    image: /^(docker\.io|ghcr\.io|quay\.io)\/(vaultwarden|dani-garcia)\/(server|vaultwarden)$/,
    reader: { ...suffixed(/^[A-Z]/), becomes: null },
  },
  {
    image: /^docker\.io\/grafana\/grafana(-oss|-enterprise)?$/,
    reader: { ...suffixed(/^GF_/, "__FILE"), becomes: null },
  },
  {
    image: /^(ghcr\.io|docker\.io)\/goauthentik\/(server|proxy|ldap)$/,
    reader: { names: (variable) => (variable.startsWith("AUTHENTIK_") ? variable : null), says: "url", becomes: null },
  },
  {
    image: /^(docker\.io|lscr\.io|ghcr\.io)\/linuxserver\//,
    reader: { names: (variable) => `FILE__${variable}`, says: "path", becomes: null },
  },
  {
    image: /^ghcr\.io\/immich-app\/immich-server$/,
    reader: { ...suffixed(/^(DB_URL|DB_PASSWORD|REDIS_PASSWORD)$/), becomes: null },
  },
  {
    image: /^(ghcr\.io|docker\.io)\/paperless-ngx\/paperless-ngx$/,
    reader: { ...suffixed(/^PAPERLESS_/), becomes: null },
  },
];

/** Null where it is not known to read any file. */
export function fileReaderOf(image: string): (FileReader & { alpine: boolean }) | null {
  const reference = parseReference(image);
  if (reference === null) return null;
  const repository = fullRepository(reference.repository);
  const found = known.find((one) => one.image.test(repository));
  return found === undefined ? null : { ...found.reader, alpine: /alpine/.test(reference.tag ?? "") };
}
