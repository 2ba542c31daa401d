import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { writeKey } from "./problem.ts";
import { fillSecret, openSecret, Secret } from "./secret.ts";
import type { Worded } from "./wording.ts";

interface Where {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
}

/** Fills every secret of a configuration from where it lies, and says which could not be. */
export function fillSecrets(config: unknown, where: Where): Worded[] {
  return find(config, []).flatMap(({ secret, path }) => {
    const { source } = secret;
    if ("value" in source) return [];
    const read = "env" in source ? fromVariable(source.env, where) : fromFile(source.file, where);
    if ("message" in read) return [{ path, key: writeKey(path), message: read.message }];
    fillSecret(secret, read.value);
    return [];
  });
}

/** The values of all secrets of a configuration, for the scrubber. */
export function secretValues(config: unknown): string[] {
  return find(config, []).map(({ secret }) => openSecret(secret));
}

function find(at: unknown, path: PropertyKey[]): { secret: Secret; path: PropertyKey[] }[] {
  if (at instanceof Secret) return [{ secret: at, path }];
  if (Array.isArray(at)) return at.flatMap((item, index) => find(item, [...path, index]));
  if (typeof at === "object" && at !== null) {
    return Object.entries(at).flatMap(([key, value]) => find(value, [...path, key]));
  }
  return [];
}

type Read = { value: string } | { message: string };

function fromVariable(name: string, { env }: Where): Read {
  const value = env[name];
  return value ? { value } : { message: `the environment variable ${name} is not set` };
}

function fromFile(file: string, { platform }: Where): Read {
  let opened: number | undefined;
  try {
    opened = openSync(file, "r");
    const { mode } = fstatSync(opened);
    // Windows answers modes that say nothing about who may read.
    if (platform !== "win32" && (mode & 0o077) !== 0) {
      return { message: `others can read ${file} (mode ${(mode & 0o777).toString(8)}); chmod 600 it` };
    }
    const value = readFileSync(opened, "utf8").replace(/\r?\n$/, "");
    return value === "" ? { message: `${file} is empty` } : { value };
  } catch {
    return { message: `${file} can't be read` };
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}
