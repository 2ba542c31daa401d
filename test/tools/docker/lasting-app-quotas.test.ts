import { afterEach, expect, test } from "vitest";
import type { QuotaProfile } from "../../../src/analysis/quotas/profile.ts";
import { openShopHouse, type ShopHouse } from "../support/shop-house.ts";

const profile: QuotaProfile = {
  containers: ["ix-shop-*"],
  images: [],
  labels: [],
  cpus: 1,
  memory_bytes: 2 ** 29,
  read_bytes_per_s: null,
  write_bytes_per_s: null,
};
const answers = { TZ: "Etc/UTC", resources: { limits: { cpus: 2, memory: 4096 } } };

let home: ShopHouse;
afterEach(() => home.close());

const open = (web = {}) =>
  openShopHouse({ web, made: { custom: false, config: answers }, settings: { quotas: [profile] } });
const limits = () =>
  ["ix-shop-web-1", "ix-shop-db-1"].map((name) => {
    const { NanoCpus, Memory } = home.fake.engine.find(name).host;
    return { NanoCpus, Memory };
  });
const before = { NanoCpus: 2e9, Memory: 2 ** 32 };
const after = { NanoCpus: 1e9, Memory: 2 ** 29 };

test("TrueNAS deploys an app with the limits of all its containers in the answers to its chart", async () => {
  home = await open();
  const asked = await home.plan("enforce_quotas", { lasting: true });
  expect(asked.targets).toEqual([{ kind: "app", host: "nas", name: "shop" }]);
  expect(asked.changes.slice(-6)).toEqual([
    "The answers to the chart by which TrueNAS makes ix-shop-db-1, ix-shop-web-1, deployed at once:",
    "- cpus: 2",
    "- memory: 4096",
    "+ cpus: 1",
    "+ memory: 512",
    "Made again by TrueNAS: ix-shop-db-1, ix-shop-web-1",
  ]);
  expect(limits()).toEqual([before, before]);
  expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "done" });
  expect(limits()).toEqual([after, after]);
  expect(home.app.config).toMatchObject({ TZ: "Etc/UTC" });
});

test("and puts the answers back where the app is not well with them", async () => {
  home = await open();
  const asked = await home.plan("enforce_quotas", { lasting: true });
  home.fake.engine.find("ix-shop-web-1").image.behaviour.health = "unhealthy";
  const { results } = await home.approveAndApply(asked.plan_id);
  expect(results?.map(({ outcome }) => outcome)).toEqual(["rolled_back"]);
  expect(limits()).toEqual([before, before]);
  expect(home.app.config).toMatchObject(answers);
});
