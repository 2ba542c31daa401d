import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QuotaProfile } from "../../src/analysis/quotas/profile.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { labShells } from "./support/lab-shell.ts";

const MiB = 2 ** 20;
const profile: QuotaProfile = {
  containers: ["torrent"],
  images: [],
  labels: [],
  cpus: 0.5,
  memory_bytes: 64 * MiB,
  read_bytes_per_s: 2_000_000,
  write_bytes_per_s: 1_000_000,
};

/** Read from the kernel's own files by nobody but this test. */
describe.skipIf(labMissing !== null)(titled("enforce_quotas, on a real dockerd and kernel"), () => {
  let lab: Lab;
  let home: Home;
  let shells: ReturnType<typeof labShells>;
  let id = "";
  beforeAll(async () => {
    lab = await startLab();
    shells = labShells(lab);
    home = openHome(await stateFolder(lab), lab.socket, { shells, settings: { quotas: [profile] } });
    await lab.publish("web", 1);
    const data = mkdtempSync(join(lab.folder, "data-"));
    id = await lab.docker("run", "-d", "--name", "torrent", "-v", `${data}:/downloads`, `${registry}/web`);
  });
  afterAll(async () => {
    await home.close();
    await shells.close();
    await lab.down();
  });

  const file = (controller: string, name: string) => {
    const paths = readFileSync(`/proc/${pid}/cgroup`, "utf8");
    const [, path = ""] = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, "m").exec(paths) ?? [];
    return readFileSync(`/sys/fs/cgroup/${controller}${path}/${name}`, "utf8").trim();
  };
  let pid = "";
  const kernel = async () => {
    pid = await lab.docker("inspect", "-f", "{{.State.Pid}}", "torrent");
    return {
      memory: file("memory", "memory.limit_in_bytes"),
      with_swap: file("memory", "memory.memsw.limit_in_bytes"),
      cpu: file("cpu", "cpu.cfs_quota_us"),
      read: file("blkio", "blkio.throttle.read_bps_device").split(" ").at(-1),
      write: file("blkio", "blkio.throttle.write_bps_device").split(" ").at(-1),
    };
  };
  /** Seconds that writing 3 MiB past the cache takes. */
  const writing = async () => {
    const start = performance.now();
    await lab.docker("exec", "torrent", "sh", "-c", "dd if=/dev/zero of=/downloads/x bs=1M count=3 oflag=direct");
    return (performance.now() - start) / 1000;
  };

  it("sets them live, and the kernel holds them", async () => {
    const started = await lab.docker("inspect", "-f", "{{.State.StartedAt}}", "torrent");
    const planned = await home.plan("enforce_quotas", {});
    expect(planned.changes).toEqual([
      expect.stringMatching(/^torrent, memory: no limit → 64 MiB \(it uses [\d.]+ MiB now; no earlier samples yet\)$/),
      expect.stringMatching(/^torrent, processors: no limit → 0.5 \(on average [\d.]+ since its start\)$/),
      expect.stringMatching(/^torrent, disk \d+:\d+ \(.*\): reading no limit → 2 MB\/s, writing no limit → 1 MB\/s$/),
    ]);
    const view = await home.approveAndApply(planned.plan_id);
    expect(view.results?.[0]?.why).toContain("(as Docker and the kernel say)");
    expect(view.status).toBe("done");
    expect(await kernel()).toEqual({
      memory: "67108864",
      with_swap: "67108864",
      cpu: "50000",
      read: "2000000",
      write: "1000000",
    });
    expect(await lab.docker("inspect", "-f", "{{.State.StartedAt}}", "torrent")).toBe(started);
    // Three megabytes at one a second: the kernel lets a first slice through.
    expect(await writing()).toBeGreaterThan(2);
  });

  it("notices what a restart of the container makes the kernel forget, and sets it again", async () => {
    const problems = async () => JSON.stringify(await home.call("list_containers", { container: "torrent" }));
    expect(await problems()).not.toContain("limits lost");
    await lab.docker("restart", "-t", "1", "torrent");
    expect(await kernel()).toMatchObject({ memory: "67108864", cpu: "50000", read: "", write: "" });
    expect(await problems()).toContain("disk limits → none: the kernel forgets them when a container starts");
    const again = await home.plan("enforce_quotas", {});
    expect(again.changes).toHaveLength(1);
    expect(await home.approveAndApply(again.plan_id)).toMatchObject({ status: "done" });
    expect(await kernel()).toMatchObject({ read: "2000000", write: "1000000" });
    expect(await problems()).not.toContain("limits lost");
  });

  it("takes them off again, and the kernel holds nothing", async () => {
    const lift = await home.plan("enforce_quotas", { lift: true });
    expect(lift.changes).toHaveLength(3);
    const view = await home.approveAndApply(lift.plan_id);
    expect(view.results?.[0]?.why).toContain("memory no limit, processors no limit");
    expect(view.status).toBe("done");
    expect(await kernel()).toEqual({
      memory: "1125899906842624",
      with_swap: "2251799813685248",
      cpu: "-1",
      read: "",
      write: "",
    });
    expect(await writing()).toBeLessThan(2);
  });

  it("takes all of it back when something goes wrong at the end, and proves it", async () => {
    await lab.docker("rm", "-f", "torrent");
    const data = mkdtempSync(join(lab.folder, "data-"));
    id = await lab.docker("run", "-d", "--name", "torrent", "-v", `${data}:/downloads`, `${registry}/web`);
    const failing = openHome(await stateFolder(lab), lab.socket, {
      shells,
      settings: { quotas: [profile] },
      store: (store) => ({
        ...store,
        limits: {
          ...store.limits,
          put() {
            throw new Error("planted");
          },
        },
      }),
    });
    const { plan_id } = await failing.plan("enforce_quotas", {});
    const view = await failing.approveAndApply(plan_id);
    await failing.close();
    expect(view).toMatchObject({ status: "rolled_back", results: [{ target: { name: "torrent" } }] });
    expect(await kernel()).toMatchObject({ memory: "1125899906842624", cpu: "-1", read: "", write: "" });
    expect(await lab.docker("inspect", "-f", "{{.Id}} {{.State.Running}}", "torrent")).toBe(`${id} true`);
  });
});
