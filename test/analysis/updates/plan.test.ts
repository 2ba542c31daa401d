import { describe, expect, test } from "vitest";
import { basisOf, planUpdate } from "../../../src/analysis/updates/plan.ts";
import type { World } from "../../../src/analysis/updates/world.ts";
import { container, id, image, sha } from "../support/containers.ts";

const web = container("web", { Id: id("abc"), Config: { Image: "web:1" } });
const side = container("side", {
  HostConfig: { NetworkMode: `container:${web.Id}` },
  NetworkSettings: { Networks: {} },
});
const world = (...containers: ReturnType<typeof container>[]): World => ({
  containers,
  images: new Map([[sha("a1"), image()]]),
});
const wishes = {
  remote: sha("d2"),
  tagged: sha("a1"),
  health_timeout_s: 60,
  settle_s: 10,
  together: new Map([["web", `web@${sha("d2")}`]]),
};

describe("the plan of an update", () => {
  test("never removes before the new one has proven itself, and says each step and its undoing", () => {
    const plan = planUpdate(world(web), web, wishes);
    expect(plan.steps.map(({ does, undo }) => `${does} | ${undo}`)).toEqual([
      `Pull web@${sha("d2")} | The pulled image stays; nothing uses it.`,
      "Keep the old image a10000000000 as home-steward-kept:web-a10000000000 | The extra name stays; it does no harm.",
      "Let web:1 mean the new image | Let web:1 mean what it meant before",
      "Make the new web, not started yet, as web.steward-new | Remove web.steward-new",
      "Stop web | Start web again",
      "Set the old web aside as web.steward-old | Give the old web its name back",
      "Name the new one web | Name the new one web.steward-new again",
      "Start the new web | Stop the new web",
      "Wait up to 60 s until the new web is healthy | Nothing to undo",
      "Remove the old container web.steward-old; its image and its volumes stay | Nothing to undo: it is the last step, and the new one has proven itself",
    ]);
    expect(plan.changes).toEqual(["web: web:1, d10000000000 → d20000000000"]);
    expect(plan.identity).toEqual({ container_id: id("abc"), image_id: sha("a1"), image: `web@${sha("d2")}` });
    expect(plan.warnings).toEqual([
      "Down while it is exchanged, and for at most 60 s until it is healthy or put back: web.",
    ]);
  });

  test("an old container that an interrupted update left is removed before its name is needed", () => {
    const stopped = { State: { Running: false, Status: "exited" } };
    const old = [container("web.steward-old", stopped), container("side.steward-old", stopped)];
    const removals = (together: typeof wishes.together) =>
      planUpdate(world(web, side, ...old), web, { ...wishes, together })
        .steps.filter(({ step }) => step === "remove_old")
        .map(({ does }) => does);
    const last = [
      "Remove the old container web.steward-old; its image and its volumes stay",
      "Remove the old container side.steward-old; its image and its volumes stay",
    ];
    const left = (one: string) =>
      `Remove ${one}.steward-old, which an interrupted update left stopped; its image and its volumes stay`;
    expect(removals(wishes.together)).toEqual([left("web"), left("side"), ...last]);
    // Its own unit of the same plan runs first, and clears it.
    expect(removals(new Map([...wishes.together, ["side", "x"]]))).toEqual([left("web"), ...last]);
    expect(basisOf(world(web, side, ...old), "web", ["web"])).toMatchObject({
      left_over: ["web.steward-old", "side.steward-old"],
    });
    expect(basisOf(world(web, side, ...old), "web", ["web", "side"])).toMatchObject({ left_over: ["web.steward-old"] });
  });

  test("dependants stop before and are made again after, on the image they have", () => {
    const plan = planUpdate(world(web, side), web, wishes);
    expect(plan.steps.map(({ step, args }) => `${step} ${args.name ?? ""}`.trim()).slice(3)).toEqual([
      "create web",
      "stop side",
      "stop web",
      "set_aside web",
      "take_name web",
      "start web",
      "await_health web",
      "create side",
      "set_aside side",
      "take_name side",
      "start side",
      "remove_old web",
      "remove_old side",
    ]);
    const made = plan.steps.find(({ step, args }) => step === "create" && args.name === "side");
    expect(made?.args).toMatchObject({
      image: sha("a1"),
      image_id_labels: [],
      body: { HostConfig: { NetworkMode: "container:web" } },
    });
    expect(plan.touches).toBe(2);
  });

  test("a dependant that the same plan updates first is made again on its new image", () => {
    const together = new Map([...wishes.together, ["side", `web@${sha("d9")}`]]);
    const plan = planUpdate(world(web, side), web, { ...wishes, together });
    const made = plan.steps.find(({ step, args }) => step === "create" && args.name === "side");
    expect(made?.args).toMatchObject({ image: `web@${sha("d9")}` });
  });

  test("a stopped one is exchanged without being started", () => {
    const stopped = container("web", { State: { Running: false, Status: "exited" } });
    const plan = planUpdate(world(stopped), stopped, wishes);
    expect(plan.steps.map(({ step }) => step)).not.toContain("start");
    expect(plan.steps.map(({ step }) => step)).not.toContain("await_health");
  });
});

describe("what it was based on", () => {
  const basis = (one = web, ...others: ReturnType<typeof container>[]) =>
    JSON.stringify(basisOf(world(one, ...others), "web", ["web"]));

  test("is the same when read twice, in whatever order the engine lists mounts", () => {
    const mounts = [
      { Type: "volume", Name: "a", Source: "/a", Destination: "/a", RW: true },
      { Type: "volume", Name: "b", Source: "/b", Destination: "/b", RW: true },
    ];
    expect(basis(container("web", { Mounts: mounts }))).toBe(basis(container("web", { Mounts: mounts.toReversed() })));
  });

  test("differs when the container, its image, its settings, whether it runs, or its neighbours differ", () => {
    const now = basis();
    const others = [
      basis(container("web", { Id: id("abd") })),
      basis(container("web", { Id: id("abc"), Config: { Image: "web:1", Env: ["A=1"] } })),
      basis(container("web", { Id: id("abc"), Config: { Image: "web:1" }, State: { Running: false } })),
      basis(web, side),
      basis(web, container("web.steward-old")),
    ];
    expect(new Set([now, ...others]).size).toBe(6);
  });
});
