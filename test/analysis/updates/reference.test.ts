import { describe, expect, test } from "vitest";
import { fullRepository, parseReference, pulledDigests, shortId } from "../../../src/analysis/updates/reference.ts";
import { sha } from "../support/containers.ts";

describe("image references", () => {
  test.each([
    ["plex", { repository: "plex", tag: "latest", digest: null }],
    ["linuxserver/plex:1.40", { repository: "linuxserver/plex", tag: "1.40", digest: null }],
    ["127.0.0.1:5000/web", { repository: "127.0.0.1:5000/web", tag: "latest", digest: null }],
    ["registry:5000/media/plex:1", { repository: "registry:5000/media/plex", tag: "1", digest: null }],
    [`plex@${sha("d1")}`, { repository: "plex", tag: null, digest: sha("d1") }],
    [`plex:1@${sha("d1")}`, { repository: "plex", tag: "1", digest: sha("d1") }],
    [sha("a1"), null],
    ["0123456789ab", null],
  ])("%s", (reference, parts) => {
    expect(parseReference(reference)).toEqual(parts);
  });

  test.each([
    ["plex", "docker.io/library/plex"],
    ["linuxserver/plex", "docker.io/linuxserver/plex"],
    ["index.docker.io/linuxserver/plex", "docker.io/linuxserver/plex"],
    ["ghcr.io/a/b", "ghcr.io/a/b"],
    ["localhost/a", "localhost/a"],
    ["nas:5000/a", "nas:5000/a"],
  ])("%s is %s", (short, full) => {
    expect(fullRepository(short)).toBe(full);
  });

  test("digests count for their own repository only, however it is written", () => {
    const pulled = [`linuxserver/plex@${sha("d1")}`, `ghcr.io/linuxserver/plex@${sha("d2")}`];
    expect(pulledDigests(pulled, "docker.io/linuxserver/plex")).toEqual([sha("d1")]);
    expect(pulledDigests(null, "plex")).toEqual([]);
  });

  test("short ids are twelve digits", () => {
    expect(shortId("sha256:0123456789abcdef")).toBe("0123456789ab");
  });
});
