import { describe, expect, test } from "vitest";
import { healthTimeout, judge } from "../../../src/analysis/updates/health.ts";
import { container } from "../support/containers.ts";

const checked = { Healthcheck: { Test: ["CMD", "true"] } };
const health = (Status: string) => ({ Health: { Status, FailingStreak: 0 } });
const verdict = (parts: Parameters<typeof container>[1], steady_s = 0) =>
  judge(container("web", parts), { steady_s, settle_s: 10 });

describe("a container that was just started", () => {
  test("with a healthcheck the engine's word counts", () => {
    expect(verdict({ Config: checked, State: health("healthy") })).toEqual({
      is: "well",
      why: "its healthcheck passes",
    });
    expect(verdict({ Config: checked, State: health("unhealthy") })).toEqual({
      is: "ill",
      why: "its healthcheck fails",
    });
    expect(verdict({ Config: checked, State: health("starting") }, 99).is).toBe("wait");
  });

  test("without one, or with one that is switched off, it has to keep running", () => {
    expect(verdict({}, 9).is).toBe("wait");
    expect(verdict({}, 10)).toEqual({ is: "well", why: "it has run for 10 s; it has no healthcheck" });
    expect(verdict({ Config: { Healthcheck: { Test: ["NONE"] } }, State: health("none") }, 10).is).toBe("well");
  });

  test("one that ended is ill, one that restarts may have two more tries", () => {
    expect(verdict({ State: { Running: false, ExitCode: 1 } })).toEqual({
      is: "ill",
      why: "it stopped with exit code 1",
    });
    expect(verdict({ State: { Restarting: true }, RestartCount: 2 }).is).toBe("wait");
    expect(verdict({ State: { Restarting: true, ExitCode: 3 }, RestartCount: 3 })).toEqual({
      is: "ill",
      why: "it restarted 3 times, last with exit code 3",
    });
  });
});

describe("how long to wait", () => {
  const second = 1_000_000_000;
  test("as asked; else the setting; longer where the healthcheck itself takes longer", () => {
    const slow = container("web", {
      Config: {
        Healthcheck: {
          Test: ["CMD"],
          StartPeriod: 300 * second,
          Interval: 10 * second,
          Timeout: 5 * second,
          Retries: 4,
        },
      },
    });
    expect(healthTimeout(30, 180, slow)).toBe(30);
    expect(healthTimeout(undefined, 180, container("web"))).toBe(180);
    expect(healthTimeout(undefined, 180, slow)).toBe(365);
    // The engine's defaults: every 30 s, 30 s each, 3 times.
    expect(healthTimeout(undefined, 60, container("web", { Config: checked }))).toBe(185);
  });
});
