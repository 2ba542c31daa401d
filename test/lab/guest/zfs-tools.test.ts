import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openGuestHome } from "../support/guest-home.ts";
import { until } from "../support/lab.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const storage = z.object({
  pools: z.array(
    z.looseObject({
      state: z.string(),
      scan: z.looseObject({ state: z.string(), eta_s: z.number().nullable() }).nullable(),
    }),
  ),
});

/** Through the real gate, with a person's approval, on real OpenZFS; `zfs` and `zpool` of the guest are the evidence. */
describe.skipIf(guestMissing !== null)(onGuest("tools that change storage"), { timeout: 300_000 }, () => {
  let guest: ZfsGuest;
  let home: Awaited<ReturnType<typeof openGuestHome>>;
  beforeAll(async () => {
    guest = await startZfsGuest();
  });
  afterAll(() => guest.down());
  beforeEach(async () => {
    home = await openGuestHome(guest);
  });
  afterEach(() => home.close());

  /** Plans, approves (typing the target's name where that is asked for), applies, and answers how it came out. */
  async function change(tool: string, args: object, typed?: string) {
    const plan = await home.plan(tool, args);
    const { status, results } = await home.approveAndApply(plan.plan_id, typed);
    return { risk: plan.risk, changes: plan.changes, status, why: results?.map(({ why }) => why).join(" ") };
  }
  const snapshots = (args: object, typed?: string) =>
    change("manage_snapshots", { dataset: "tank/data", ...args }, typed);
  const line = async () => (await guest.run("zfs list -Ht snapshot -o name -s createtxg tank/data")).split("\n");
  const done = (risk: string) => ({ risk, status: "done" });

  it("does nothing before a person approved", async () => {
    const { plan_id } = await home.plan("manage_snapshots", { dataset: "tank/data", action: "create", snapshot: "x" });
    await expect(home.apply(plan_id, "AAAA-AAAA")).rejects.toMatchObject({ code: "refused" });
    expect(await line()).toEqual(["tank/data@base"]);
  });

  it("takes a snapshot, holds it, releases it, clones it and deletes it", async () => {
    expect(await snapshots({ action: "create", snapshot: "first" })).toMatchObject(done("reversible"));
    expect(await line()).toEqual(["tank/data@base", "tank/data@first"]);
    expect(await snapshots({ action: "hold", snapshot: "first", tag: "mine" })).toMatchObject(done("reversible"));
    expect(await guest.run("zfs holds -H tank/data@first")).toMatch(/^tank\/data@first\tmine\t/);
    await expect(
      home.plan("manage_snapshots", { dataset: "tank/data", action: "delete", snapshot: "first" }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: "tank/data@first can't be deleted: it is held (mine).",
    });
    expect(await snapshots({ action: "release", snapshot: "first" })).toMatchObject(done("disruptive"));
    expect(await guest.run("zfs holds -H tank/data@first")).toBe("");
    expect(await snapshots({ action: "clone", snapshot: "first", to: "tank/copy" })).toMatchObject(done("reversible"));
    expect(await guest.run("zfs get -Hpo value origin tank/copy; ls /tank/copy")).toBe("tank/data@first\nrandom");
    await guest.run("zfs destroy tank/copy");
    expect(await snapshots({ action: "delete", snapshot: "first" }, "tank/data@first")).toMatchObject(
      done("destructive"),
    );
    expect(await line()).toEqual(["tank/data@base"]);
  });

  it("tells what a deletion frees, by ZFS's own reckoning, and takes all that were meant", async () => {
    for (const name of ["auto-1", "auto-2", "kept"])
      await guest.run(
        `head -c 3000000 /dev/urandom > /tank/data/${name}; zfs snapshot tank/data@${name}; rm /tank/data/${name}`,
      );
    const freed = Number(
      (await guest.run("zpool sync tank; zfs destroy -nvp tank/data@auto-1,auto-2 | tail -n 1")).split("\t")[1],
    );
    expect(freed).toBeGreaterThan(5_900_000);
    const { changes, ...ended } = await snapshots({ action: "delete", snapshot: "auto-*" }, "tank/data");
    expect(ended).toEqual({ ...done("destructive"), why: "2 of 2 are deleted; 2 of tank/data remain." });
    expect(changes[0]).toContain(
      `tank/data: 2 of 4 snapshots deleted; ${(freed / 1e6).toFixed(1)} MB that only they hold is lost`,
    );
    expect(await line()).toEqual(["tank/data@base", "tank/data@kept"]);
  });

  it("rolls a dataset back: what was written since is gone, and what was there is there", async () => {
    const sum = () => guest.run("sha256sum /tank/data/random");
    const before = await sum();
    await guest.run("head -c 5000000 /dev/urandom > /tank/data/random; echo new > /tank/data/new; zpool sync tank");
    const { changes, ...ended } = await snapshots({ action: "rollback", snapshot: "base" }, "tank/data");
    expect(ended).toMatchObject({
      ...done("destructive"),
      why: expect.stringMatching(/^It was rolled back to tank\/data@base; /),
    });
    expect(changes[0]).toMatch(/^tank\/data: as it was at .+ \(base\); .*[5-9]\.\d MB written since then is lost$/);
    expect(await sum()).toBe(before);
    expect(await guest.run("ls /tank/data")).toBe("random");
    expect(await line()).toEqual(["tank/data@base", expect.stringMatching(/^tank\/data@home-steward-rolled-back-/)]);
  });

  it("starts, pauses, resumes and stops a scrub", async () => {
    const standStill = (still: boolean) =>
      guest.run(`echo ${Number(still)} > /sys/module/zfs/parameters/zfs_scan_suspend_progress`);
    await standStill(true);
    const scrub = (action: string) => change("run_scrub", { pool: "tank", action });
    const status = () => guest.run("zpool status tank | grep scan:");
    expect(await scrub("start")).toMatchObject(done("reversible"));
    expect(await status()).toContain("scrub in progress");
    expect(await scrub("pause")).toMatchObject(done("reversible"));
    expect(await status()).toContain("scrub paused");
    expect(await scrub("resume")).toMatchObject(done("reversible"));
    expect(await status()).toContain("scrub in progress");
    expect(await scrub("stop")).toMatchObject(done("reversible"));
    expect(await status()).toContain("scrub canceled");
    await standStill(false);
  });

  it("replaces a disk end to end: offline, the new one in, the resilver followed to its end", async () => {
    const disk = (action: string, typed?: string) =>
      change("replace_disk", { disk: "sdf", action, ...(action === "replace" && { new_disk: "sdh" }) }, typed);
    await guest.run("head -c 60000000 /dev/urandom > /tank/data/big; zpool sync tank");
    expect(await disk("offline")).toMatchObject(done("disruptive"));
    expect(await guest.run("zpool status tank")).toMatch(/LAB-SATA-1 +OFFLINE/);
    expect(await disk("online")).toMatchObject(done("reversible"));
    // It begins a moment after the answer, and nothing is taken out while it runs.
    const status = () => guest.run("zpool status tank");
    expect(await until(status, (told) => told.includes("scan: resilvered"), 60)).toMatch(/LAB-SATA-1 +ONLINE/);
    expect(await disk("offline")).toMatchObject(done("disruptive"));
    await guest.monitor(...["sata0", "sata3"].map((name) => `block_set_io_throttle ${name} 1000000 0 0 0 0 0`));
    expect(await disk("replace", "sdh")).toMatchObject(done("destructive"));
    const look = async () => storage.parse(await home.call("get_storage", { pool: "tank" })).pools[0];
    const during = await until(look, (seen) => (seen?.scan?.eta_s ?? null) !== null, 120);
    expect(during).toMatchObject({ state: "degraded", scan: { function: "resilver", state: "running" } });
    await guest.monitor(...["sata0", "sata3"].map((name) => `block_set_io_throttle ${name} 0 0 0 0 0 0`));
    await guest.run("zpool wait -t replace tank");
    expect(await look()).toMatchObject({ state: "online", scan: { function: "resilver", state: "finished" } });
    const end = await status();
    expect(end).toMatch(/LAB-SATA-3 +ONLINE/);
    expect(end).not.toContain("LAB-SATA-1");
    expect(end).toContain("No known data errors");
  });

  it("puts no disk into a pool that holds something, or that is one's own", async () => {
    const replace = (new_disk: string) => home.plan("replace_disk", { disk: "sde", action: "replace", new_disk });
    await guest.run("busybox mke2fs /dev/sda");
    await expect(replace("sda")).rejects.toMatchObject({ code: "conflict" });
    await expect(replace("vdb")).rejects.toMatchObject({ code: "conflict" });
    await expect(replace("vda")).rejects.toMatchObject({ code: "conflict" });
  });

  it("runs a disk's self-test, which its log then shows", async () => {
    const test = (disk: string) => change("run_disk_test", { disk, test: "short" });
    expect(await test("sde")).toMatchObject(done("reversible"));
    expect(await guest.run("smartctl -l selftest /dev/sde")).toMatch(/# 1 +Short offline +Completed without error/);
    const disks = z.object({ disks: z.array(z.looseObject({ disk: z.string() })) });
    const seen = disks.parse(await home.call("get_disks", {})).disks.find(({ disk }) => disk === "sde");
    expect(seen).toMatchObject({ last_self_test: { outcome: "passed" } });
    await expect(test("sda")).rejects.toMatchObject({ code: "unsupported" });
  });
});
