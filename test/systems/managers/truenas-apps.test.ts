import { beforeAll, describe, expect, it } from "vitest";
import { containersOf } from "../../../src/demo/docker/compose.ts";
import { Engine } from "../../../src/demo/docker/engine.ts";
import { fields } from "../../../src/demo/docker/model.ts";
import { startTrueNasFake, type TrueNasFake } from "../../../src/demo/truenas/index.ts";
import { atLeast, releases } from "../../../src/demo/truenas/model.ts";
import { trueNasAppChanges, trueNasApps } from "../../../src/systems/managers/index.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { shopImage, shopVersions } from "../../support/shop.ts";
import { contractOf } from "../truenas/schemas.ts";
import { managerContract, quietly } from "./contract.ts";

const ref = { project: "ix-shop", files: [], folder: "" };

for (const release of releases) {
  let fake: TrueNasFake;
  managerContract(
    `the apps of a simulated TrueNAS ${release}`,
    async () => {
      // The cluster of 24.04 is nothing that a Docker engine knows of.
      const engine = atLeast(release, "24.10") ? new Engine({ now: () => 1_000_000, health_after_ms: 0 }) : null;
      fake = await startTrueNasFake({ release, job_ms: 1, ...(engine && { engine }) });
      fake.nas.apps.push({
        name: "shop",
        running: true,
        version: "1.0.0",
        versions: shopVersions,
        had: [],
        custom: false,
      });
      if (engine !== null) {
        for (const service of ["web:1", "web:2", "db:1"]) engine.registry.publish(service, shopImage(service));
      }
      const { reading, changing } = connectTrueNas(fake.connection);
      const changes = trueNasAppChanges(reading, changing);
      await changes.redeploy(ref, quietly);
      const check = contractOf(release);
      return {
        manager: trueNasApps(reading),
        changes,
        ref,
        running: async () =>
          Object.fromEntries(
            (engine === null ? [] : containersOf(engine, "ix-shop")).map(({ config, image }) => [
              String(fields(config.Labels)["com.docker.compose.service"]),
              image.id,
            ]),
          ),
        async moveTag() {
          const image = shopImage("web:1 built anew");
          engine?.addImage(image, "web:1");
          return image.id;
        },
        misfits: () => check && fake.exchanges.flatMap(check),
        async close() {
          await reading.close();
          await fake.close();
        },
      };
    },
    (rig) => {
      const apps = () => {
        const { reading, changing } = connectTrueNas(fake.connection);
        return { ...trueNasApps(reading), ...trueNasAppChanges(reading, changing), close: () => reading.close() };
      };

      it("upgrades to the version it was told, and goes back to the one before", async () => {
        const app = apps();
        expect(await app.newer(ref)).toBe("1.1.0");
        const seen: number[] = [];
        await app.upgrade(ref, "1.1.0", { onProgress: (percent) => seen.push(percent) });
        expect(seen.length).toBeGreaterThan(0);
        expect(await app.read(ref)).toMatchObject({ state: "running", deployed: "1.1.0" });
        expect(await app.newer(ref)).toBeNull();
        if (atLeast(release, "24.10")) expect((await rig().running()).web).toBe(shopImage("web:2").id);
        await app.rollBack(ref, "1.0.0", quietly);
        expect(await app.read(ref)).toMatchObject({ state: "running", deployed: "1.0.0" });
        await app.close();
      });

      it("stops and starts it whole", async () => {
        const app = apps();
        await app.stop(ref, quietly);
        expect(await app.read(ref)).toMatchObject({ state: "stopped", busy: false });
        expect(await rig().running()).toEqual({});
        await app.start(ref, quietly);
        expect(await app.read(ref)).toMatchObject({ state: "running" });
        await app.close();
      });

      it("says that a job failed, and that one is under way", async () => {
        const app = apps();
        fake.middleware.jobs.step_ms = null;
        const upgrading = app.upgrade(ref, "1.1.0", quietly);
        await expect.poll(async () => (await app.read(ref)).busy).toBe(true);
        const [job] = fake.middleware.jobs.all().slice(-1);
        fake.middleware.jobs.finish(Number(job?.id), "[EFAULT] Failed 'up' action: no space left on device");
        await expect(upgrading).rejects.toMatchObject({
          code: "conflict",
          message: expect.stringContaining("TrueNAS could not finish"),
        });
        expect((await app.read(ref)).busy).toBe(false);
        fake.middleware.jobs.step_ms = 1;
        await app.close();
      });

      it("does not claim to know what became of a job that got lost", async () => {
        const app = apps();
        fake.middleware.jobs.step_ms = null;
        const stopping = app.stop(ref, quietly);
        await expect.poll(async () => (await app.read(ref)).busy).toBe(true);
        fake.restart().up();
        await expect(stopping).rejects.toMatchObject({
          code: "conflict",
          message: expect.stringContaining("is not known"),
        });
        fake.middleware.jobs.step_ms = 1;
        await app.close();
      });

      if (!atLeast(release, "24.10"))
        it("changes no settings of 24.04's charts, and shows none", async () => {
          const app = apps();
          await expect(app.definition(ref)).rejects.toMatchObject({ code: "unsupported" });
          await expect(app.deploy(ref, "services: {}", quietly)).rejects.toMatchObject({ code: "unsupported" });
          await app.close();
        });
      else
        describe("its settings", () => {
          const own = { project: "ix-own", files: [], folder: "" };
          const container = () => {
            const [one] = fake.nas.engine === null ? [] : containersOf(fake.nas.engine, "ix-own");
            return one && { user: one.config.User, running: one.run.status };
          };
          const given = { services: { web: { image: "web:1", environment: ["B=2", "A=1"] } }, "x-mine": "yes" };
          const text =
            'services:\n  web:\n    environment:\n      - B=2\n      - A=1\n    image: web:1\nx-mine: "yes"\n';
          beforeAll(() => {
            const app = { name: "own", version: "1.0.0", versions: [], had: [], custom: true, config: given };
            fake.nas.apps.push({ ...app, running: true });
          });

          it("are a compose file, always written in one way, and another one is deployed", async () => {
            const app = apps();
            // The parser of another release would take yes for true.
            expect(await app.definition(own)).toBe(text.replace('"yes"', "yes"));
            expect((await app.read(own)).from_chart).toBeUndefined();
            const changed = text.replace("    image: web:1\n", '    image: web:1\n    user: "3000:3000"\n');
            await app.deploy(own, changed, quietly);
            expect(container()).toEqual({ user: "3000:3000", running: "running" });
            expect(await app.definition(own)).toBe(changed.replace('"yes"', "yes").replace('"3000:3000"', "3000:3000"));
            await app.close();
          });

          it("start an app by the new file that was stopped meanwhile", async () => {
            const app = apps();
            await app.stop(own, quietly);
            expect(container()).toBeUndefined();
            await app.deploy(own, text, quietly);
            expect(container()).toEqual({ user: "", running: "running" });
            const [kept] = fake.nas.apps.slice(-1);
            if (kept !== undefined)
              kept.config = { services: { web: { image: "web:1", environment: ["B=********"] } } };
            await expect(app.definition(own)).rejects.toMatchObject({ code: "unsupported" });
            await app.close();
          });

          it("are answers to its chart, of which limits and user are shown, and all others stay", async () => {
            const app = apps();
            const shop = fake.nas.apps.find(({ name }) => name === "shop");
            if (shop === undefined) throw new Error("there is no shop");
            const others = { TZ: "Etc/UTC", shop: { password: "s3cret" } };
            const gpus = { use_all_gpus: true };
            const limits = { cpus: 2, memory: 4096 };
            shop.config = { ...others, run_as: { user: 568, group: 568 }, resources: { limits, gpus } };
            const text = "resources:\n  limits:\n    cpus: 2\n    memory: 4096\nrun_as:\n  group: 568\n  user: 568\n";
            expect(await app.definition(ref)).toBe(text);
            expect((await app.read(ref)).from_chart).toBe(true);
            const other = text.replaceAll("568", "3000").replace("4096", "512");
            await app.deploy(ref, other, quietly);
            expect(await app.definition(ref)).toBe(other);
            expect(shop.config).toMatchObject({ ...others, resources: { gpus } });
            await expect(app.deploy(ref, text.replace("cpus: 2", "cpus: 0.5"), quietly)).rejects.toMatchObject({
              code: "conflict",
              // TrueNAS's own words may quote what stands in the settings.
              message: "TrueNAS could not finish app.update of shop.",
            });
            expect(await app.definition(ref)).toBe(other);
            await app.close();
          });
        });

      it("takes no odd name to TrueNAS, and no odd answer from it", async () => {
        const app = apps();
        for (const project of ["shop", "ix-", "ix-../x", "ix-A B"])
          await expect(app.read({ project, files: [], folder: "" })).rejects.toMatchObject({ code: "not_found" });
        fake.faults.set({ kind: "wrong_shape" }, { method: /query/ });
        await expect(app.read(ref)).rejects.toMatchObject({ code: "wrong_answer" });
        fake.faults.clear();
        await app.close();
      });
    },
  );
}
