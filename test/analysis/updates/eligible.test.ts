import { describe, expect, test } from "vitest";
import { leftOver, obstacle } from "../../../src/analysis/updates/eligible.ts";
import type { World } from "../../../src/analysis/updates/world.ts";
import { container, id, image, sha } from "../support/containers.ts";

const against = (
  parts: Parameters<typeof container>[1],
  around: Partial<Parameters<typeof obstacle>[2]> = {},
  from = image(),
) =>
  obstacle(container("web", parts), from, { world: beside(), own: undefined, dependants: [], ...around })?.why ?? null;
/** The other containers of the engine. */
const beside = (...containers: ReturnType<typeof container>[]): World => ({ containers, images: new Map() });
const stopped = { State: { Running: false, Status: "exited" } };

describe("what stands against an update", () => {
  test("nothing, for a container from a registry by name and tag; a project of compose is no obstacle", () => {
    expect(against({})).toBeNull();
    expect(against({ Config: { Labels: { "com.docker.compose.project": "media" } } })).toBeNull();
  });

  test("Home Steward's own container, or one whose exchange would stop it", () => {
    const itself = "Home Steward runs in it, or shares its network, and would stop itself halfway";
    expect(against({ Id: id("abc") }, { own: id("abc").slice(0, 12) })).toBe(itself);
    expect(against({}, { own: id("cafe").slice(0, 12), dependants: [container("steward", { Id: id("cafe") })] })).toBe(
      itself,
    );
    expect(against({ Id: id("abc") }, { own: id("fff").slice(0, 12) })).toBeNull();
  });

  test.each([
    [
      { HostConfig: { AutoRemove: true } },
      "it was started with --rm, so stopping it deletes it and nothing could be put back",
    ],
    [{ State: { Paused: true } }, "it is paused or being removed"],
    [{ Config: { Image: sha("a1") } }, "it runs from an image id, which no registry can follow"],
    [{ Config: { Image: `web@${sha("d1")}` } }, "its image is pinned by digest, so it never changes"],
    [{ Config: { Image: `web:1@${sha("d1")}` } }, "its image is pinned by digest, so it never changes"],
    [
      { Config: { Labels: { "com.docker.swarm.service.id": "x" } } },
      "it is a task of a swarm service, which replaces it by itself",
    ],
  ])("%j", (parts, why) => {
    expect(against(parts)).toBe(why);
  });

  test("an image that was built or loaded here: its name may be somebody else's in a registry", () => {
    const why = "its image was built or loaded here, not pulled from a registry";
    expect(against({}, {}, image({}, { RepoDigests: [] }))).toBe(why);
    expect(against({}, {}, image({}, { RepoDigests: [`other@${sha("d1")}`] }))).toBe(why);
  });

  test("what an interrupted update left behind", () => {
    const why = "a container of an interrupted update is still there";
    expect(against({}, { world: beside(container("web.steward-old")) })).toBe(why);
    expect(against({}, { world: beside(container("web.steward-new", stopped)) })).toBe(why);
    expect(against(stopped, { world: beside(container("web.steward-old", stopped)) })).toBe(why);
    const sick = { State: { Health: { Status: "unhealthy", FailingStreak: 3 } } };
    expect(against(sick, { world: beside(container("web.steward-old", stopped)) })).toBe(why);
    const dependants = [container("side")];
    expect(against({}, { world: beside(container("side.steward-old")), dependants })).toBe(why);
  });

  test("not an old container that is down while its successor runs and is well", () => {
    const old = beside(container("web.steward-old", stopped));
    expect(against({}, { world: old })).toBeNull();
    expect(against({ State: { Health: { Status: "healthy", FailingStreak: 0 } } }, { world: old })).toBeNull();
  });
});

describe("when nothing is left to plan", () => {
  const current = { name: "a", code: "nothing_to_do" as const, why: "it is current", next: "Rest." };
  const pinned = { name: "b", code: "unsupported" as const, why: "it is pinned", next: "Unpin." };

  test("the reason of each, and the code they share", () => {
    expect(leftOver([current])).toMatchObject({
      code: "nothing_to_do",
      message: "There is nothing to plan. a: it is current.",
      fix: "Rest.",
    });
    expect(leftOver([current, pinned])).toMatchObject({ code: "unsupported", fix: "Rest. Unpin." });
  });
});
