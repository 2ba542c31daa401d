import { describe, expect, test } from "vitest";
import { checkControl, controlBasis, controlWarnings, judgeControl } from "../../../src/analysis/containers/control.ts";
import { container, id } from "../support/containers.ts";

const web = container("web", { Id: id("abc") });
const stopped = container("web", { Id: id("abc"), State: { Running: false, Status: "exited" } });
const saved = (one = web) => ({ container_id: one.Id, running: one.State.Running, started_at: one.State.StartedAt });

describe("what may be planned", () => {
  const refusal = (...args: Parameters<typeof checkControl>) => {
    try {
      checkControl(...args);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  };
  test("nothing that is so already, nothing paused, and not Home Steward's own end", () => {
    expect(refusal("start", web, undefined)).toBe("web is running already.");
    expect(refusal("stop", stopped, undefined)).toBe("web is stopped already.");
    expect(refusal("stop", container("web", { State: { Paused: true } }), undefined)).toBe("web is paused.");
    expect(refusal("restart", web, id("abc").slice(0, 12))).toBe("Home Steward runs in web and would stop itself.");
    expect(refusal("stop", web, undefined)).toBeNull();
    expect(refusal("start", stopped, id("abc").slice(0, 12))).toBeNull();
  });

  test("one that restarts for ever can be stopped", () => {
    expect(refusal("stop", container("web", { State: { Running: false, Restarting: true } }), undefined)).toBeNull();
  });
});

test("warnings name who is hit and who may start it again", () => {
  const torrent = container("torrent", { HostConfig: { NetworkMode: `container:${web.Id}` } });
  const app = container("web", {
    Id: id("abc"),
    Config: {
      Labels: { "com.docker.compose.project": "ix-web", "com.docker.compose.project.working_dir": "/mnt/.ix-apps/web" },
    },
  });
  expect(controlWarnings("stop", app, [app, torrent])).toEqual([
    "torrent: its network is that of web.",
    "TrueNAS manages web and may start it again.",
  ]);
  expect(controlWarnings("start", app, [app, torrent])).toEqual([]);
  expect(controlWarnings("restart", container("web", { HostConfig: { AutoRemove: true } }), [])[0]).toContain(
    "deletes it",
  );
});

describe("where it stands", () => {
  const later = container("web", { Id: id("abc"), State: { StartedAt: "2027-01-01T01:00:00Z" } });
  test.each([
    ["stop", web, stopped, "after"],
    ["stop", web, web, "before"],
    ["start", stopped, later, "after"],
    ["start", stopped, stopped, "before"],
    ["restart", web, later, "after"],
    ["restart", web, web, "before"],
    ["restart", web, stopped, "neither"],
    ["stop", web, container("web", { Id: id("def") }), "neither"],
    ["stop", web, null, "neither"],
  ] as const)("%s", (action, before, now, is) => {
    expect(judgeControl(action, saved(before), now).is).toBe(is);
  });

  test("the basis is the container, whether it runs, and since when", () => {
    expect(controlBasis(web)).toEqual({ container_id: id("abc"), running: true, started_at: "2027-01-01T00:00:01Z" });
  });
});
