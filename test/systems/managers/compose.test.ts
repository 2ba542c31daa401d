import { expect, it } from "vitest";
import { composeUp as bringUp, containersOf } from "../../../src/demo/docker/compose.ts";
import { Engine } from "../../../src/demo/docker/engine.ts";
import { fields, idOf } from "../../../src/demo/docker/model.ts";
import { composeChanges, composeProjects } from "../../../src/systems/managers/index.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";
import { shopImage } from "../../support/shop.ts";
import { managerContract, quietly } from "./contract.ts";

const file = "/mnt/tank/stacks/shop/compose.yaml";
const ref = { project: "shop", files: [file], folder: "/mnt/tank/stacks/shop" };
const engineSocket = "/run/lab/docker.sock";
const [web, db] = ["web", "db"].map((name) => ({ name, image: `${name}:1` }));

/** A machine whose docker command knows compose; `says` in place of it where a test wants another answer. */
function machine() {
  const engine = new Engine({ now: () => 1_000_000, health_after_ms: 0 });
  for (const image of ["web:1", "db:1"]) engine.addImage(shopImage(image), image);
  if (web === undefined || db === undefined) throw new Error("two services");
  const services = [web, db];
  bringUp(engine, { name: "shop", file, services });
  const asked: string[][] = [];
  const play = { says: null as Played | null };
  const runner = playedRunner(async (argv): Promise<Played> => {
    asked.push([...argv]);
    if (play.says !== null) return play.says;
    if (argv.includes("config")) return { stdout: services.map(({ name }) => `${name} ${idOf(name)}\n`).join("") };
    const service = argv.at(-1);
    const others = services.filter(({ name }) => name !== service);
    // With --no-deps the others are left alone, whatever their tags mean by now.
    const before = containersOf(engine, "shop").filter(({ config }) =>
      others.some(({ name }) => fields(config.Labels)["com.docker.compose.service"] === name),
    );
    bringUp(engine, { name: "shop", file, services: services.filter(({ name }) => name === service) });
    for (const one of before) engine.containers.set(one.id, one);
    return { stderr: " Container shop-web-1  Started\n" };
  });
  const shells = { reading: shellOver(runner, readingCommands), changing: shellOver(runner, changingCommands) };
  const place = { engine: engineSocket };
  return { engine, asked, play, manager: composeProjects(shells, place), changes: composeChanges(shells, place) };
}

let here: ReturnType<typeof machine>;
managerContract(
  "compose projects over a shell",
  async () => {
    here = machine();
    return {
      ...here,
      ref,
      running: async () =>
        Object.fromEntries(
          containersOf(here.engine, "shop").map(({ config, image }) => [
            String(fields(config.Labels)["com.docker.compose.service"]),
            image.id,
          ]),
        ),
      async moveTag() {
        const image = shopImage("web:1 built anew");
        here.engine.addImage(image, "web:1");
        return image.id;
      },
      misfits: () => [],
      close: async () => {},
    };
  },
  () => {
    it("runs exactly these words", async () => {
      here.asked.length = 0;
      await here.manager.read(ref);
      await here.changes.redeploy(ref, quietly);
      const before = `--host unix://${engineSocket} compose --project-name shop --project-directory /mnt/tank/stacks/shop --file ${file}`;
      expect(here.asked.map((argv) => argv.join(" "))).toEqual([
        `/usr/bin/docker ${before} config --hash *`,
        `/usr/bin/docker ${before} up --detach --no-deps --no-build --pull never -- web`,
      ]);
    });

    it("deploys another file by writing it first, whole, and leaves no older one beside it", async () => {
      here.asked.length = 0;
      await here.changes.deploy(ref, "services: {}\n", quietly);
      expect(here.asked.map((argv) => argv.join(" "))).toEqual([
        `/usr/bin/cp --preserve=mode,ownership --no-target-directory -- ${file} ${file}.steward-old`,
        `/usr/bin/cp --preserve=mode,ownership --no-target-directory -- ${file} ${file}.steward-new`,
        `/usr/bin/tee -- ${file}.steward-new`,
        `/usr/bin/mv --no-target-directory -- ${file}.steward-new ${file}`,
        `/usr/bin/rm -- ${file}.steward-old`,
        expect.stringMatching(/ up --detach --no-deps --no-build --pull never -- web$/),
      ]);
      here.asked.length = 0;
      here.play.says = { code: 1, stderr: "No space left on device\n" };
      await expect(here.changes.deploy(ref, "services: {}\n", quietly)).rejects.toMatchObject({ code: "refused" });
      expect(here.asked).toHaveLength(1);
      here.play.says = null;
    });

    it("tells how each service is defined now", async () => {
      expect((await here.manager.read(ref)).defined).toEqual({ web: idOf("web"), db: idOf("db") });
    });

    it.each([
      ["a file outside of the roots", { ...ref, files: ["/opt/stacks/compose.yaml"] }],
      ["a way out of them", { ...ref, files: ["/mnt/../etc/compose.yaml"] }],
      ["two files", { ...ref, files: [file, "/mnt/tank/stacks/shop/compose.override.yaml"] }],
      ["no file", { ...ref, files: [] }],
      ["a folder outside of the roots", { ...ref, folder: "/" }],
    ])("keeps no project with %s, and runs nothing for it", async (_, other) => {
      here.asked.length = 0;
      expect(here.manager.keeps(other)).toBe(false);
      await expect(here.manager.read(other)).rejects.toMatchObject({ code: "not_found" });
      await expect(here.changes.redeploy(other, quietly)).rejects.toMatchObject({ code: "not_found" });
      expect(here.asked).toEqual([]);
    });

    it("says what is missing, and what failed, without quoting it", async () => {
      here.play.says = { code: 1, stderr: "docker: 'compose' is not a docker command.\n" };
      await expect(here.manager.read(ref)).rejects.toMatchObject({
        code: "unsupported",
        message: "The machine's docker command has no compose plugin.",
      });
      here.play.says = { code: 15, stderr: "yaml: line 3: s3cret\n" };
      await expect(here.manager.read(ref)).rejects.toMatchObject({
        code: "unsupported",
        message: expect.not.stringContaining("s3cret"),
      });
      await expect(here.changes.redeploy(ref, quietly)).rejects.toMatchObject({
        code: "conflict",
        message: "docker compose could not bring up web of shop (exit code 15).",
      });
      here.play.says = null;
    });

    it("takes no odd service to the machine", async () => {
      for (const service of ["--help", "a b", "", "$(x)"])
        await expect(here.changes.redeploy(ref, { ...quietly, services: [service] })).rejects.toMatchObject({
          code: "bad_input",
        });
    });
  },
);
