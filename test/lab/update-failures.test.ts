import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DockerChanges } from "../../src/systems/docker/port.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { imageId, runs } from "./support/inspect.ts";
import { killProcess, type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { expectOutcomes } from "./support/outcomes.ts";

describe.skipIf(labMissing !== null)(titled("what fails in the middle of an update"), () => {
  let lab: Lab;
  let home: Home | undefined;
  let old: string;
  let id: string;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.down());
  afterEach(async () => {
    await home?.close();
    await lab.order("registry", "start");
    await lab.docker("rm", "-fv", ...(await lab.docker("ps", "-aq")).split("\n"));
  });
  beforeEach(async () => {
    await lab.publish("web", 1);
    await lab.docker("pull", "-q", `${registry}/web`);
    old = await imageId(lab, `${registry}/web`);
    id = await lab.docker("run", "-d", "--name", "web", "--restart", "always", `${registry}/web`);
  });

  /** A home in which something happens around one kind of change. */
  async function homeWith(changes: (real: DockerChanges) => Partial<DockerChanges>): Promise<Home> {
    home = openHome(await stateFolder(lab), lab.socket, { changes: (real) => ({ ...real, ...changes(real) }) });
    return home;
  }
  const update = async ({ plan, approveAndApply }: Home) =>
    approveAndApply((await plan("update_container", { containers: ["web"] })).plan_id);
  const standing = () => lab.docker("inspect", "-f", "{{.Id}} {{.Image}} {{.State.Status}}", "web");
  const names = async () => (await lab.docker("ps", "-a", "--format", "{{.Names}}")).split("\n").sort();
  const pidOf = (daemon: string) => Number(readFileSync(join(lab.folder, `run/${daemon}.pid`), "utf8").split(" ")[0]);

  it("the registry is gone when the plan is made: no plan, and the reason", async () => {
    const { plan } = await homeWith(() => ({}));
    await lab.order("registry", "stop");
    await expect(plan("update_container", { containers: ["web"] })).rejects.toMatchObject({ code: "unreachable" });
  });

  it("the registry goes between plan and apply: the container was never touched", async () => {
    const { plan, approveAndApply } = await homeWith(() => ({}));
    await lab.publish("web", 2);
    const { plan_id } = await plan("update_container", { containers: ["web"] });
    await lab.order("registry", "stop");
    const ended = await approveAndApply(plan_id);
    expectOutcomes(ended, ["web: rolled_back"]);
    expect(await standing()).toBe(`${id} ${old} running`);
  });

  it("the registry dies in the middle of the pull: the same", async () => {
    const slow = await homeWith((real) => ({
      pull: (reference, onProgress, signal) =>
        real.pull(
          reference,
          (progress) => {
            onProgress(progress);
            if (lives(pidOf("registry"))) killProcess(pidOf("registry"));
          },
          signal,
        ),
    }));
    await lab.publish("web", 2, "large");
    expectOutcomes(await update(slow), ["web: rolled_back"]);
    expect(lives(pidOf("registry"))).toBe(false);
    expect(await standing()).toBe(`${id} ${old} running`);
    expect(await imageId(lab, `${registry}/web:latest`)).toBe(old);
  });

  it("dockerd is stopped after the old container was: started again, it is put back", async () => {
    const home = await homeWith((real) => ({
      stop: async (container, timeout) => {
        await real.stop(container, timeout);
        await lab.order("dockerd", "kill");
        setTimeout(() => void lab.order("dockerd", "start"), 1000);
      },
    }));
    await lab.publish("web", 2);
    const plan = await update(home);
    expect(plan.status === "done" || plan.status === "rolled_back").toBe(true);
    expect(await lab.docker("inspect", "-f", "{{.State.Status}}", "web")).toBe("running");
    expect(await names()).toEqual(["web"]);
  });

  it("dockerd is restarted while the new container proves itself: never do both run on the same volumes", async () => {
    let running = "";
    const home = await homeWith((real) => ({
      start: async (container) => {
        await real.start(container);
        await lab.order("dockerd", "stop");
        await lab.order("dockerd", "start");
        running = await lab.docker("ps", "--format", "{{.Names}}");
      },
    }));
    const digest = await lab.publish("web", 2);
    const plan = await update(home);
    expect(running).toBe("web");
    expectOutcomes(plan, ["web: done"]);
    expect(await runs(lab, "web")).toBe(`${await imageId(lab, `${registry}/web@${digest}`)} running`);
    expect(await names()).toEqual(["web"]);
  });

  it("dockerd hangs: a clear end within its deadlines, and the old container back when it wakes", async () => {
    const home = await homeWith((real) => ({
      create: async (name, body) => {
        await lab.order("dockerd", "pause");
        setTimeout(() => void lab.order("dockerd", "resume"), 2000);
        return real.create(name, body);
      },
    }));
    await lab.publish("web", 2);
    const plan = await update(home);
    expect(plan.status === "done" || plan.status === "rolled_back").toBe(true);
    expect(await lab.docker("inspect", "-f", "{{.State.Status}}", "web")).toBe("running");
    expect(await names()).toEqual(["web"]);
  });
});

describe.skipIf(labMissing !== null)(titled("a disk that is too small for the new image"), () => {
  it("says so and leaves the container as it is", async () => {
    const lab = await startLab({ diskSize: "24m" });
    try {
      await lab.publish("web", 1);
      const id = await lab.docker("run", "-d", "--name", "web", `${registry}/web`);
      await lab.publish("web", 2, "large");
      const home = openHome(await stateFolder(lab), lab.socket);
      const { plan_id } = await home.plan("update_container", { containers: ["web"] });
      const plan = await home.approveAndApply(plan_id);
      await home.close();
      expectOutcomes(plan, ["web: rolled_back"]);
      expect(plan.results?.[0]?.why).toContain("disk");
      expect(await lab.docker("inspect", "-f", "{{.Id}} {{.State.Status}}", "web")).toBe(`${id} running`);
    } finally {
      await lab.down();
    }
  });
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
