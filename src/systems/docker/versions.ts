import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";
import type { Caller } from "./call.ts";

/** Docker 20.10: the oldest that has one-shot statistics. */
const oldest = [1, 41] as const;
/** Docker 28.5: the newest held against the real engine. Newer engines speak it too (29 from 1.44 on). */
const newest = [1, 51] as const;

const versionShape = z.looseObject({
  Version: z.string(),
  ApiVersion: z.string(),
  MinAPIVersion: z.string().optional(),
});

type ApiVersion = readonly [major: number, minor: number];

/** Asks the engine once which API version to speak: the newest that both know. Errors: unsupported, and those of a call. */
export async function agreeOnVersion(call: Caller, deadline_ms: number): Promise<{ engine: string; api: string }> {
  const said = await call.json({ path: "/version", deadline_ms }, versionShape);
  const [most, least] = [parse(said.ApiVersion), parse(said.MinAPIVersion ?? "1.0")];
  if (most === null || before(most, oldest))
    throw new StewardError(
      "unsupported",
      "This Docker engine is older than 20.10 (API 1.41).",
      "Update Docker on that machine.",
    );
  if (least !== null && before(newest, least))
    throw new StewardError(
      "unsupported",
      "This Docker engine no longer speaks the API versions that Home Steward knows (1.41 to 1.51).",
      "Update Home Steward.",
    );
  return { engine: said.Version, api: (before(most, newest) ? most : newest).join(".") };
}

function parse(version: string): ApiVersion | null {
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

function before([major, minor]: ApiVersion, [otherMajor, otherMinor]: ApiVersion): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
