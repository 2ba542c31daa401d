import { describe, expect, test } from "vitest";
import { isAsDefined, membershipOf, membersOf, saved } from "../../../src/analysis/managers/members.ts";
import {
  asSaved,
  judgeMembers,
  judgeProject,
  projectBasis,
  savedMembers,
} from "../../../src/analysis/managers/standing.ts";
import type { ContainerInspected } from "../../../src/systems/docker/shapes.ts";
import type { Project } from "../../../src/systems/managers/port.ts";
import { container, sha } from "../support/containers.ts";

const label = "com.docker.compose";
const labels = (more: Record<string, string> = {}) => ({
  [`${label}.project`]: "ix-shop",
  [`${label}.service`]: "web",
  [`${label}.container-number`]: "1",
  [`${label}.project.config_files`]: "/mnt/.ix-apps/app_configs/shop/compose.yaml",
  [`${label}.project.working_dir`]: "/mnt/.ix-apps/app_configs/shop",
  ...more,
});
const web = (State: object = {}, more: Partial<ContainerInspected> = {}): ContainerInspected => {
  const one = container("web", { Config: { Labels: labels() } });
  return { ...one, ...more, State: { ...one.State, ...State } };
};
const project: Project = { state: "running", busy: false, deployed: "1.0.0", notes: [] };
const before = projectBasis({ project, members: [web()] });
const upgraded = { deployed: "1.1.0", images: [], runs: true, anew: false };
const now = (change: Partial<Project>, ...members: ContainerInspected[]) => ({
  project: { ...project, ...change },
  members,
});
const fresh = (State: object = {}) => web(State, { Id: "another", Image: sha("b") });

describe("where a project stands", () => {
  test.each([
    ["after", now({ deployed: "1.1.0" }, fresh()), "app shop is running in version 1.1.0: web runs image "],
    ["before", now({}, web({}, { Id: "another" })), "app shop is running in version 1.0.0: "],
    ["neither", now({ deployed: "1.1.0", busy: true }, fresh()), "But something is being done to it."],
    ["neither", now({ deployed: "1.1.0" }, fresh({ Running: false, ExitCode: 1 })), "it stopped with exit code 1"],
    ["neither", now({ deployed: "1.1.0", state: "stopped" }), "it should run"],
    ["neither", now({ deployed: "1.2.0" }, fresh()), "it should be in version 1.1.0"],
    ["neither", now({}, fresh()), "it should be in version 1.1.0"],
    ["neither", null, "There is no app shop any more."],
  ] as const)("$0: $2", (is, situation, why) => {
    const judged = judgeProject("app shop", before, upgraded, situation);
    expect(judged).toMatchObject({ is, why: expect.stringContaining(why) });
  });

  test("an image that is wanted has to run, and a restart has to have made all of it again", () => {
    const wanted = { ...upgraded, deployed: null, images: [{ name: "web", image_id: sha("b") }] };
    expect(judgeProject("stack shop", before, wanted, now({}, fresh())).is).toBe("after");
    expect(judgeProject("stack shop", before, wanted, now({}, web())).is).toBe("before");
    const anew = { ...upgraded, deployed: null, anew: true };
    expect(judgeProject("app shop", before, anew, now({}, fresh())).is).toBe("after");
    expect(judgeProject("app shop", before, anew, now({}, web())).is).toBe("before");
  });

  test("what is defined in another way than before is not what was approved", () => {
    const wanted = { ...upgraded, deployed: null };
    expect(judgeProject("stack shop", before, wanted, now({ deployed: "x" }, fresh()))).toMatchObject({
      is: "neither",
      why: expect.stringContaining("defined in another way than before"),
    });
  });
});

describe("the containers of a project", () => {
  const was = savedMembers.parse([saved(web())]);
  const judge = (...members: ContainerInspected[]) =>
    judgeMembers(now({}, ...members), was, { steady_s: new Map(), settle_s: 5 }).is;

  test("that ran has to run and settle; one that only does its work may end well", () => {
    expect(judge(fresh())).toBe("wait");
    expect(judge(fresh({ Running: false, ExitCode: 0 }))).toBe("ill");
    const once = { ...fresh({ Running: false, ExitCode: 0 }), Name: "/permissions" };
    expect(judgeMembers(now({}, once), [], { steady_s: new Map(), settle_s: 5 }).is).toBe("well");
    expect(judge({ ...once, State: { ...once.State, ExitCode: 1 } })).toBe("ill");
  });

  test("that was not touched is not judged", () => {
    const sick = { Health: { Status: "unhealthy", FailingStreak: 3, Log: [] } };
    const checked = web(sick);
    checked.Config = { ...checked.Config, Healthcheck: { Test: ["CMD", "true"] } };
    expect(judge(checked)).toBe("well");
    expect(judge({ ...checked, Id: "another" })).toBe("ill");
  });

  test("that are not there yet are waited for, and where no engine knows them its manager's word counts", () => {
    expect(judge()).toBe("wait");
    const none = (state: Project["state"]) => judgeMembers(now({ state }), [], { steady_s: new Map(), settle_s: 5 }).is;
    expect([none("running"), none("deploying"), none("stopped")]).toEqual(["well", "wait", "ill"]);
  });

  test("are as saved by name and image, and run if they ran", () => {
    expect(asSaved(was, [web({}, { Id: "another" })])).toBe(true);
    expect(asSaved(was, [fresh()])).toBe(false);
    expect(asSaved(was, [web({ Running: false })])).toBe(false);
    expect(asSaved(was, [])).toBe(false);
    const stopped = savedMembers.parse([saved(web({ Running: false }))]);
    expect(asSaved(stopped, [web()])).toBe(true);
  });
});

describe("whose a container is", () => {
  const of = (more: Record<string, string>, running = true) => {
    const one = container("web", { Config: { Labels: labels(more) } });
    return membershipOf({ ...one, State: { ...one.State, Running: running } });
  };
  const compose = {
    [`${label}.project`]: "shop",
    [`${label}.project.config_files`]: "/mnt/stacks/shop/compose.yaml,/mnt/stacks/shop/more.yaml",
    [`${label}.project.working_dir`]: "/mnt/stacks/shop",
  };

  test("is told by its labels, with what its manager knows it by", () => {
    expect(of({})).toMatchObject({ by: "truenas", ref: { project: "ix-shop" } });
    expect(of(compose)).toEqual({
      by: "compose",
      ref: {
        project: "shop",
        files: ["/mnt/stacks/shop/compose.yaml", "/mnt/stacks/shop/more.yaml"],
        folder: "/mnt/stacks/shop",
      },
    });
    expect(membershipOf(container("web", {}))).toBeNull();
  });

  test("compose is not asked to repeat what it can't, or what it would start", () => {
    expect(of(compose, false)).toBeNull();
    expect(of({ ...compose, [`${label}.container-number`]: "2" })).toBeNull();
    expect(of({ ...compose, [`${label}.project.environment_file`]: "/mnt/stacks/shop/.env" })).toBeNull();
  });

  test("and the others of its project are found by its name alone", () => {
    const others = [web(), { ...container("db", {}), Name: "/db" }];
    expect(membersOf(others, { project: "ix-shop", files: [], folder: "" })).toEqual([others[0]]);
    expect(
      isAsDefined(container("web", { Config: { Labels: labels({ [`${label}.config-hash`]: "h" }) } }), { web: "h" }),
    ).toBe(true);
    expect(isAsDefined(web(), { web: "h" })).toBe(false);
  });
});
