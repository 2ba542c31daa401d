import { expect, test } from "vitest";
import type { ContainerFacts } from "../../../src/analysis/containers/describe.ts";
import { dockerCounts, dockerFindings } from "../../../src/analysis/overview/docker.ts";
import { type Finding, rank } from "../../../src/analysis/overview/rank.ts";
import { silentFinding } from "../../../src/analysis/overview/silent.ts";

const finding = (severity: Finding["severity"], subject: string): Finding => ({
  severity,
  area: "docker",
  host: "nas",
  subject,
  what: "w",
  evidence: "e",
  next: "n",
});
const facts = (name: string, more: Partial<ContainerFacts> = {}): ContainerFacts => ({
  name,
  state: "running",
  health: null,
  since_s: 1,
  restarts: 0,
  exit: null,
  image: "i",
  managed_by: "plain",
  problems: [],
  ...more,
});

test("worst first, and the same home reads the same twice", () => {
  const ranked = rank([
    finding("info", "a"),
    finding("critical", "c"),
    finding("warning", "z"),
    finding("critical", "b"),
  ]);
  expect(ranked.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual([
    "critical b",
    "critical c",
    "warning z",
    "info a",
  ]);
});

test("each container's problem says what to do next", () => {
  const problems = [{ severity: "critical" as const, what: "crash loop", evidence: "41 restarts" }];
  expect(dockerFindings("nas", [facts("bazarr", { problems }), facts("plex")])).toEqual([
    {
      severity: "critical",
      area: "docker",
      host: "nas",
      subject: "bazarr",
      what: "crash loop",
      evidence: "41 restarts",
      next: "get_container_logs of bazarr shows why; control_container restarts it.",
    },
  ]);
});

test("counts", () => {
  const all = [
    facts("a"),
    facts("b", { health: "unhealthy" }),
    facts("c", { state: "exited" }),
    facts("d", { state: "restarting" }),
  ];
  expect(dockerCounts(all)).toEqual({ containers: 4, running: 2, stopped: 1, unhealthy: 1, restarting: 1 });
});

test("a host that does not answer is a problem by itself", () => {
  expect(silentFinding("docker", "nas", { code: "unreachable", message: "No.", fix: "Start it." })).toEqual({
    severity: "critical",
    area: "docker",
    host: "nas",
    subject: "nas",
    what: "docker does not answer",
    evidence: "No.",
    next: "Start it.",
  });
});

test("and says since when, where that is known", () => {
  const since = "2026-11-22T14:02:09.123Z";
  expect(silentFinding("docker", "nas", { code: "timeout", message: "No.", fix: "Start it.", since })).toMatchObject({
    evidence: "No. It has been silent since 2026-11-22 14:02 UTC.",
    since,
  });
});
