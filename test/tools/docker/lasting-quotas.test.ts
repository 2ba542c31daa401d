import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptLimit } from "../../../src/analysis/quotas/kept.ts";
import type { QuotaProfile } from "../../../src/analysis/quotas/profile.ts";
import type { PlanView } from "../../../src/confirm/define.ts";
import { openStackHouse, type StackHouse } from "../support/stack-house.ts";

const MiB = 2 ** 20;
const profile: QuotaProfile = {
  containers: ["shop-web-1"],
  images: [],
  labels: [],
  cpus: 1,
  memory_bytes: 512 * MiB,
  read_bytes_per_s: null,
  write_bytes_per_s: null,
};

let home: StackHouse;
let kept: Map<string, KeptLimit>;
let before: string;
beforeEach(async () => {
  home = await openStackHouse();
  home.context.settings.quotas = [profile];
  kept = new Map();
  home.systems.keptLimits = { of: (kind) => [...kept.values()].filter((one) => one.kind === kind) };
  home.changes.keptLimits = {
    put: (limit) => kept.set(limit.container, limit),
    drop: (_kind, _host, container) => kept.delete(container),
  };
  before = home.stack.text;
});
afterEach(() => home.close());

const plan = (args = {}) => home.plan("enforce_quotas", { lasting: true, ...args });
const outcomes = ({ results }: PlanView) =>
  results?.map(({ target, outcome }) => `${target.kind} ${target.name}: ${outcome}`);
const puts = () => home.portainer.exchanges.filter(({ method }) => method === "PUT");
const web = () => home.fake.engine.find("shop-web-1");
const after = `services:
  web:
    image: web:1
    environment: ["PASSWORD=\${PASSWORD}"]
    deploy:
      resources:
        limits:
          cpus: "1"
          memory: 512m
  db:
    image: db:1
`;

test("Portainer deploys a stack with the limits, its variables with it; read back and kept", async () => {
  const [was, db] = [web().id, home.fake.engine.find("shop-db-1").id];
  const asked = await plan();
  expect(asked).toMatchObject({
    title: "Limit what container shop-web-1 on nas may use",
    targets: [{ kind: "stack", host: "nas", name: "shop" }],
    changes: [
      expect.stringContaining("shop-web-1, memory: no limit → 512 MiB"),
      expect.stringContaining("shop-web-1, processors: no limit → 1"),
      "The file by which Portainer makes shop-web-1, deployed at once:",
      "line 5: + deploy:",
      "line 6: + resources:",
      "line 7: + limits:",
      'line 8: + cpus: "1"',
      "line 9: + memory: 512m",
      "Portainer deploys all of it; what did not change goes on: shop-db-1",
    ],
    warnings: ["Down while it is deployed, and for at most 185 s until it is well or put back: shop-web-1."],
  });
  expect(puts()).toEqual([]);
  expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["stack shop: done"]);
  expect(home.stack).toMatchObject({ text: after, env: [{ name: "PASSWORD", value: "s3cret" }] });
  expect(web()).toMatchObject({
    host: { Memory: 512 * MiB, NanoCpus: 1e9 },
    config: { Env: expect.arrayContaining(["PASSWORD=s3cret"]) },
  });
  expect([web().id === was, home.fake.engine.find("shop-db-1").id]).toEqual([false, db]);
  expect(JSON.parse(kept.get("shop-web-1")?.wanted ?? "")).toMatchObject({ cpus: 1, memory_bytes: 512 * MiB, io: [] });
  await expect(plan()).rejects.toMatchObject({ code: "nothing_to_do" });
});

test("a stack that is not well goes back: file, variables, containers, and nothing is kept", async () => {
  const asked = await plan();
  web().image.behaviour.health = "unhealthy";
  const result = await home.approveAndApply(asked.plan_id);
  expect(outcomes(result)).toEqual(["stack shop: rolled_back"]);
  expect(result.results?.[0]?.why).toContain("Its file is as it was, byte for byte.");
  expect(home.stack).toMatchObject({ text: before, env: [{ name: "PASSWORD", value: "s3cret" }] });
  expect([web().host.Memory, web().run.status, kept.size]).toEqual([0, "running", 0]);
});

test("goes back also where Portainer's answer was lost", async () => {
  const asked = await plan();
  home.portainer.knobs.lose_answer = true;
  expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["stack shop: rolled_back"]);
  expect([home.stack.text, web().host.Memory]).toEqual([before, 0]);
});

test("limits that a manager passes over are not called done", async () => {
  const asked = await plan();
  const { put } = home.changes.keptLimits;
  home.changes.keptLimits.put = (limit) => {
    put(limit);
    web().host.NanoCpus = 0;
  };
  const result = await home.approveAndApply(asked.plan_id);
  expect(outcomes(result)).toEqual(["stack shop: rolled_back"]);
  expect(result.results?.[0]?.why).toContain("processors 1 → no limit");
});

test("a file or variables that somebody changed meanwhile make the plan stale", async () => {
  const changes = [
    () => (home.stack.text = `${before}# mine\n`),
    () => (home.stack.env = [{ name: "PASSWORD", value: "another" }]),
  ];
  for (const change of changes) {
    const asked = await plan();
    change();
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "stale" });
  }
  expect(puts()).toEqual([]);
});

test("a stack from Git is limited as it runs, and the lines to change there are said", async () => {
  home.stack.git = { head: { hash: "1111", text: before }, deployed: "1111" };
  const asked = await plan();
  expect(asked.targets).toEqual([{ kind: "container", host: "nas", name: "shop-web-1" }]);
  expect(asked.warnings).toContain(
    "shop-web-1: not deployed with its limits, because its file comes from a Git repository; " +
      'to change there: line 5: + deploy:; line 6: + resources:; line 7: + limits:; line 8: + cpus: "1"; line 9: + memory: 512m.',
  );
  expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["container shop-web-1: done"]);
  expect(puts()).toEqual([]);
});

test("a container that would get another image with it is limited as it runs", async () => {
  home.fake.engine.addImage(home.next, "web:1");
  expect((await plan()).warnings).toContain(
    "shop-web-1: not deployed with its limits, because shop-web-1 would get another image with it, " +
      "which its tag means here by now: use update_container first.",
  );
});

test("without lasting nothing is made again", async () => {
  const asked = await plan({ lasting: false });
  expect(asked.targets).toEqual([{ kind: "container", host: "nas", name: "shop-web-1" }]);
  const was = web().id;
  expect(outcomes(await home.approveAndApply(asked.plan_id))).toEqual(["container shop-web-1: done"]);
  expect([web().id, home.stack.text]).toEqual([was, before]);
});
