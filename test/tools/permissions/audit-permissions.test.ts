import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { bad, good } from "../../analysis/permissions/zoo.ts";
import { type House, openHouse } from "../support/house.ts";
import { furnishZoo } from "./zoo-house.ts";

const audit = z.object({
  score: z.number().nullable(),
  counts: z.record(z.string(), z.number()),
  findings: z.array(z.looseObject({ id: z.string(), severity: z.string(), evidence: z.string() })),
  next_cursor: z.string().optional(),
  minor: z.array(z.looseObject({ check: z.string(), containers: z.number() })).optional(),
  containers: z.array(z.object({ host: z.string(), container: z.string(), score: z.number(), runs_as: z.string() })),
  reach: z.array(z.looseObject({ container: z.string(), everything_by: z.string().nullable() })),
  exempted: z.array(z.looseObject({ id: z.string(), reason: z.string(), until: z.string() })).optional(),
  silent_hosts: z.array(z.looseObject({ host: z.string() })),
});

let house: House;
afterEach(() => house.close());
const ask = async (args: object = {}) => {
  const { structured, text } = await house.call("audit_permissions", args);
  return { ...audit.parse(structured), text };
};

test("the demo home: what is wrong with it, worst first, minor things by kind", async () => {
  house = await openHouse();
  const { score, findings, minor, containers, reach, text } = await ask();
  expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual([
    "critical portainer/docker_socket",
    "warning authentik-postgres/env_secret",
    "warning authentik-server/env_secret",
    "warning authentik-worker/env_secret",
    "warning gluetun/capabilities_added",
    "warning gluetun/env_secret",
    "warning gluetun/root_user",
    "warning immich-machine-learning/root_user",
    "warning plex/host_network",
    "warning portainer/root_user",
    "warning transmission/env_secret",
  ]);
  expect(score).toBe(70.9);
  expect(minor?.map(({ check, containers: many }) => `${check} ${many}`)).toEqual([
    "capabilities_kept 13",
    "new_privileges 13",
    "writable_rootfs 13",
    "no_limits 13",
    "shared_user 8",
    "published_everywhere 7",
    "no_healthcheck 6",
    "latest_tag 6",
    "default_bridge 2",
  ]);
  expect(containers[0]).toEqual({ host: "nas", container: "portainer", score: 34.3, runs_as: "uid 0, gid 0" });
  expect(containers.map(({ container, runs_as }) => [container, runs_as])).toEqual(
    expect.arrayContaining([
      ["transmission", "uid 1000, gid 1000 (PUID; starts as root)"],
      ["authentik-server", "uid 1000"],
      ["authentik-redis", "uid 999 (starts as root)"],
    ]),
  );
  expect(reach).toEqual([{ host: "nas", container: "portainer", everything_by: "the engine's socket" }]);
  expect(text.split("\n").slice(0, 3)).toEqual([
    "Score 70.9 of 100 over 13 containers: 1 critical, 10 warnings, 81 minor.",
    "- critical: portainer/docker_socket on nas (CIS 5.32): /var/run/docker.sock. Remove the socket, or put a proxy in between that lets only reading calls through. :ro does not help.",
    "- warning: authentik-postgres/env_secret on nas: in its environment: POSTGRES_PASSWORD. Put it into a file that is mounted read-only, and name that (NAME_FILE, or FILE__NAME for linuxserver's).",
  ]);
  expect(text.split("\n").at(-1)).toBe("- portainer on nas reaches all data: the engine's socket.");
});

test("one container: everything of it, also what is minor", async () => {
  house = await openHouse({ empty: true });
  furnishZoo(house.fake.engine, bad);
  const { findings, counts, minor } = await ask({ container: "unlimited" });
  expect(findings).toEqual([
    {
      host: "nas",
      id: "unlimited/no_limits",
      severity: "info",
      cis: ["5.11", "5.12", "5.29"],
      evidence: "without a limit: memory, processor, processes",
      fix: "Set mem_limit, cpus and pids_limit.",
    },
  ]);
  expect(counts).toMatchObject({ containers: 1, info: 1 });
  expect(minor).toBeUndefined();
  await expect(ask({ container: "nobody" })).rejects.toMatchObject({ code: "not_found" });
});

test("no value of a secret is in an answer, in no part of it", async () => {
  house = await openHouse({ empty: true });
  furnishZoo(house.fake.engine, bad);
  const said = JSON.stringify(await house.call("audit_permissions", { detail: "full", limit: 200 }));
  expect(said).toContain("DB_PASSWORD");
  for (const value of ["hunter2", "Ab3Ab3", "q7Xv2mKp", "apr1"]) expect(said).not.toContain(value);
});

test("what the owner lives with does not count, and is said with its reason in full", async () => {
  const exemptions = [{ finding: "*/root_user", reason: "an old habit", until: "2999-12-31" }];
  house = await openHouse({ empty: true, settings: { exemptions } });
  furnishZoo(
    house.fake.engine,
    bad.filter(({ name }) => name === "root-by-default"),
  );
  const { score, counts, findings, exempted } = await ask({ detail: "full" });
  expect({ score, exempted: counts.exempted, findings }).toEqual({ score: 100, exempted: 1, findings: [] });
  expect(exempted).toEqual([
    {
      host: "nas",
      id: "root-by-default/root_user",
      severity: "warning",
      reason: "an old habit",
      until: "2999-12-31",
    },
  ]);
});

test("pages: the worst first, each once", async () => {
  house = await openHouse({ empty: true });
  furnishZoo(house.fake.engine, [...bad, ...good]);
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: 10, ...(cursor && { cursor }) });
    ids.push(...page.findings.map(({ id, severity }) => `${severity} ${id}`));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  const expected = bad.flatMap(({ name, expects }) => expects.map((one) => one.replace(" ", ` ${name}/`)));
  expect(ids.toSorted()).toEqual(expected.filter((one) => !one.startsWith("info")).toSorted());
  expect(ids.findIndex((id) => id.startsWith("warning"))).toBe(ids.filter((id) => id.startsWith("critical")).length);
});

test("a machine that does not answer takes only its own with it", async () => {
  house = await openHouse({ moreHosts: { attic: "/nowhere/docker.sock" } });
  const { silent_hosts, counts } = await ask();
  expect(silent_hosts.map(({ host }) => host)).toEqual(["attic"]);
  expect(counts.containers).toBe(13);
});
