import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KeptLimit } from "../../../src/analysis/quotas/kept.ts";
import type { QuotaProfile } from "../../../src/analysis/quotas/profile.ts";
import type { DockerFake } from "../../../src/demo/docker/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { playedMachine } from "../support/played-machine.ts";
import { run } from "../support/publish.ts";

const MiB = 2 ** 20;
const profile = (containers: string[], limits: Partial<QuotaProfile>): QuotaProfile => ({
  containers,
  images: [],
  labels: [],
  cpus: null,
  memory_bytes: null,
  read_bytes_per_s: null,
  write_bytes_per_s: null,
  ...limits,
});
const quotas = [
  profile(["web"], { cpus: 1, memory_bytes: 512 * MiB }),
  profile(["torrent"], { cpus: 2, read_bytes_per_s: 500_000_000, write_bytes_per_s: 500_000_000 }),
];

let home: GatedHouse;
let fake: DockerFake;
let kept: Map<string, KeptLimit>;
beforeEach(async () => {
  home = await openGatedHouse({ settings: { quotas } });
  fake = home.fake;
  kept = new Map();
  home.systems.keptLimits = { of: (kind) => [...kept.values()].filter((one) => one.kind === kind) };
  home.changes.keptLimits = {
    put: (limit) => kept.set(limit.container, limit),
    drop: (_kind, _host, container) => kept.delete(container),
  };
  run(fake, "web");
});
afterEach(() => home.close());

const plan = (args = {}) => home.plan("enforce_quotas", args);
const host = (name: string) => {
  const { Memory, MemorySwap, CpuQuota, CpuPeriod, NanoCpus } = fake.engine.find(name).host;
  return { Memory, MemorySwap, CpuQuota, CpuPeriod, NanoCpus };
};

describe("memory and processors", () => {
  test("from no limit to the profile's, live, read back and kept", async () => {
    const asked = await plan();
    expect(asked).toMatchObject({
      title: "Limit what container web on nas may use",
      risk: "disruptive",
      changes: [
        "web, memory: no limit → 512 MiB (it uses 0.3 MiB now; no earlier samples yet)",
        expect.stringMatching(/^web, processors: no limit → 1 \(on average 0(\.\d+)? since its start\)$/),
      ],
      warnings: [],
    });
    expect(host("web").Memory).toBe(0);
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({
      status: "done",
      results: [{ why: "web: memory 512 MiB, processors 1 (as Docker says; the kernel was not asked)." }],
    });
    expect(host("web")).toEqual({
      Memory: 536_870_912,
      MemorySwap: 536_870_912,
      CpuQuota: 100_000,
      CpuPeriod: 100_000,
      NanoCpus: 0,
    });
    expect(JSON.parse(kept.get("web")?.wanted ?? "")).toMatchObject({ cpus: 1, memory_bytes: 536_870_912, io: [] });
    await expect(plan()).rejects.toMatchObject({ code: "nothing_to_do" });
  });

  test("what was sampled of the last days is shown, and a limit below it is said", async () => {
    const first_at = Date.now() - 5 * 86_400_000;
    home.systems.useHistory = { peak: () => ({ memory_bytes: 700 * MiB, cpus: 0.5, first_at }) };
    expect(await plan()).toMatchObject({
      changes: [
        "web, memory: no limit → 512 MiB (it uses 0.3 MiB now, at most 700 MiB in 5 days)",
        expect.stringContaining("at most 0.5 in 5 days"),
      ],
      warnings: ["web used 700 MiB of memory: with 512 MiB the kernel would end its processes."],
    });
  });

  test("what an engine does not take is put back", async () => {
    const { plan_id } = await plan();
    fake.faults.set({ kind: "status", status: 500 }, { path: /\/update/ });
    expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "rolled_back" });
    expect(kept.size).toBe(0);
  });

  test("a start meanwhile makes the plan stale", async () => {
    const { plan_id } = await plan();
    fake.engine.stop("web");
    fake.engine.start("web");
    fake.engine.find("web").run.started_ms += 5000;
    expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "stale" });
  });

  test("a lost limit is a problem of the container, and of the home", async () => {
    await home.approveAndApply((await plan()).plan_id);
    fake.engine.remove("web", { force: true, volumes: false });
    run(fake, "web");
    expect((await home.call("list_containers", {})).structured).toMatchObject({
      containers: [{ name: "web", problems: [{ severity: "warning", what: "limits lost" }] }],
    });
    expect((await home.call("get_overview", {})).structured).toMatchObject({
      problems: [{ subject: "web", what: "limits lost", next: "enforce_quotas of web plans to set them again." }],
    });
  });

  test("one that is named needs a profile; none at all is said", async () => {
    run(fake, "other");
    await expect(plan({ containers: ["other"] })).rejects.toMatchObject({
      message: "No profile of quotas fits other.",
    });
    await expect(plan({ containers: ["nowhere"] })).rejects.toMatchObject({ code: "not_found" });
    home.context.settings.quotas = [];
    await expect(plan()).rejects.toMatchObject({ code: "nothing_to_do" });
  });

  test("who would make it anew without the limits is named", async () => {
    run(fake, "web2", { Labels: { "com.docker.compose.project": "x" } });
    home.context.settings.quotas = [profile(["web2"], { cpus: 1 })];
    expect((await plan()).warnings).toEqual([
      "Compose makes web2 without these limits when it makes it anew; write them there, too.",
    ]);
  });
});

describe("taken off again", () => {
  const apply = async (args = {}) => home.approveAndApply((await plan(args)).plan_id);

  test("what was before the first plan, and nothing is kept of it", async () => {
    await apply();
    const asked = await plan({ lift: true });
    expect(asked).toMatchObject({
      title: "Take the limits off container web on nas",
      changes: ["web, memory: 512 MiB → no limit", "web, processors: 1 → no limit"],
    });
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "done" });
    expect(host("web")).toMatchObject({ Memory: 2 ** 50, MemorySwap: 2 ** 51, CpuQuota: -1 });
    expect(kept.size).toBe(0);
    await expect(plan({ lift: true })).rejects.toMatchObject({ code: "nothing_to_do" });
    // Home Steward's own "none" is none: the profile's limits are planned as at first.
    expect((await plan()).changes[0]).toContain("web, memory: no limit → 512 MiB");
  });

  test("the owner's own limit, also after it was planned twice", async () => {
    run(fake, "own", { HostConfig: { Memory: 2048 * MiB, NanoCpus: 4_000_000_000 } });
    home.context.settings.quotas = [profile(["own"], { memory_bytes: 1024 * MiB })];
    await apply();
    home.context.settings.quotas = [profile(["own"], { memory_bytes: 512 * MiB, cpus: 2 })];
    await apply();
    await apply({ lift: true, containers: ["own"] });
    expect(host("own")).toMatchObject({ Memory: 2048 * MiB, MemorySwap: 4096 * MiB, NanoCpus: 4_000_000_000 });
  });

  test("and where a file made it, the plan says that the file still says them", async () => {
    const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": "web" };
    run(fake, "own", { Labels: labels });
    home.context.settings.quotas = [profile(["own"], { memory_bytes: 1024 * MiB })];
    await apply({ containers: ["own"] });
    expect((await plan({ lift: true })).warnings).toEqual([
      "own: limits in a compose file, stack or app stay there, and hold when it is made anew. Take them out there, too.",
    ]);
  });

  test("nothing of a container that was made anew or is gone, but the note", async () => {
    await apply();
    fake.engine.remove("web", { force: true, volumes: false });
    run(fake, "web", { HostConfig: { Memory: 64 * MiB } });
    const asked = await plan({ lift: true });
    expect(asked.changes).toEqual([
      "web: it was made anew and keeps what it was made with; only the note of earlier ones goes",
    ]);
    expect(asked.warnings).toEqual([]);
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "done" });
    expect(host("web").Memory).toBe(64 * MiB);
    await apply();
    fake.engine.remove("web", { force: true, volumes: false });
    const gone = await plan({ lift: true });
    expect(gone.changes).toEqual(["web: it is gone; only the note of its limits is left"]);
    expect(await home.approveAndApply(gone.plan_id)).toMatchObject({ status: "done" });
    expect(kept.size).toBe(0);
  });
});

describe("what is read and written", () => {
  const folders = ["/mnt/tank/downloads:/downloads", "/mnt/zfs/films:/films"];
  async function moveIn(machine: ReturnType<typeof playedMachine>, Binds = folders) {
    run(fake, "torrent", { HostConfig: { Binds } });
    machine.moveIn(await home.systems.docker.one("nas").system.inspect("torrent"), () => {
      const quota = Number(host("torrent").CpuQuota);
      return { memory: "max\n", cpu: quota > 0 ? `${quota} 100000\n` : "max 100000\n" };
    });
    home.systems.cgroup = fleet("shell", ["nas"], () => machine.reading);
    home.changes.cgroup = fleet("shell", ["nas"], () => machine.changing);
  }

  test("is limited by the kernel, since Docker would only say so, and read back", async () => {
    const machine = playedMachine();
    await moveIn(machine);
    const asked = await plan({ containers: ["torrent"] });
    expect(asked.changes).toEqual([
      expect.stringContaining("torrent, processors: no limit → 2"),
      "torrent, disk 8:16 (/mnt/tank/downloads): reading no limit → 500 MB/s, writing no limit → 500 MB/s",
    ]);
    expect(asked.warnings).toEqual([
      "torrent: what it reads and writes in /mnt/zfs/films stays unlimited: ZFS does it in threads of its own, outside of the container's limits.",
      "torrent: its disk limits end when it is restarted; list_containers then says so.",
    ]);
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({
      status: "done",
      results: [
        {
          why: "torrent: processors 2, disk 8:16 reading 500 MB/s, writing 500 MB/s (as Docker and the kernel say).",
        },
      ],
    });
    expect([...machine.ioMax.values()]).toEqual(["8:16 rbps=500000000 wbps=500000000"]);
    const lift = await plan({ containers: ["torrent"], lift: true });
    expect(lift.changes).toEqual([
      "torrent, processors: 2 → no limit",
      "torrent, disk 8:16: reading 500 MB/s → no limit, writing 500 MB/s → no limit",
    ]);
    expect(await home.approveAndApply(lift.plan_id)).toMatchObject({ status: "done" });
    expect([...machine.ioMax.values()]).toEqual(["8:16 rbps=max wbps=max"]);
    await home.approveAndApply((await plan({ containers: ["torrent"] })).plan_id);
    fake.engine.stop("torrent");
    fake.engine.start("torrent");
    fake.engine.find("torrent").run.started_ms += 5000;
    expect((await home.call("list_containers", { container: "torrent" })).structured).toMatchObject({
      containers: [{ problems: [{ evidence: expect.stringContaining("disk limits → none") }] }],
    });
  });

  test("goes back to what it was when a later step fails", async () => {
    const machine = playedMachine();
    await moveIn(machine);
    home.changes.keptLimits.put = () => {
      throw new Error("the disk is full");
    };
    const { plan_id } = await plan({ containers: ["torrent"] });
    expect(await home.approveAndApply(plan_id)).toMatchObject({ status: "rolled_back" });
    expect([...machine.ioMax.values()]).toEqual(["8:16 rbps=max wbps=max"]);
    expect(host("torrent").CpuQuota).toBe(-1);
  });

  test("is left alone, and that is said, where it has no folder on a disk", async () => {
    await moveIn(playedMachine(), []);
    expect((await plan({ containers: ["torrent"] })).warnings).toEqual([
      "torrent: disk traffic is left unlimited: no folder that lies on a disk of the host is mounted in it.",
    ]);
  });

  test("is left alone, and that is said, without a shell and for what does not run", async () => {
    run(fake, "torrent", { HostConfig: { Binds: ["/mnt/tank:/x"] } });
    const note = async () => (await plan({ containers: ["torrent"] })).warnings;
    expect(await note()).toEqual([
      "torrent: disk traffic is left unlimited: that takes a shell on its host (shell in the configuration).",
    ]);
    fake.engine.stop("torrent");
    expect(await note()).toEqual([
      "torrent: disk traffic is left unlimited: it does not run, and the kernel keeps that limit for a run only.",
    ]);
  });
});
