import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectDocker } from "../../src/systems/docker/index.ts";
import { connectFiles } from "../../src/systems/files/index.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { connectShell } from "../../src/systems/shell/index.ts";
import { auditPermissions } from "../../src/tools/permissions/audit-permissions.ts";
import { type Animal, animal, bad, good, network } from "../analysis/permissions/zoo.ts";
import { badTrees, goodTrees } from "../analysis/permissions/zoo-trees.ts";
import { type HomeOfTools, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, startLab, titled } from "./support/lab.ts";
import { loadImage } from "./support/load-image.ts";

const audit = z.looseObject({ findings: z.array(z.looseObject({ id: z.string(), severity: z.string() })) });

/** Each bad one with exactly what is wrong with it, each good one with nothing, on a real engine and a real disk. */
describe.skipIf(labMissing !== null)(titled("a zoo of permissions"), () => {
  let lab: Lab;
  let home: HomeOfTools;
  let docker: ReturnType<typeof connectDocker>;
  beforeAll(async () => {
    lab = await startLab();
    home = openHome(await stateFolder(lab), lab.socket);
    docker = connectDocker({ kind: "socket", path: lab.socket }, { deadlines: { read_ms: 60_000 } });
    await lab.docker("network", "create", network);
  });
  afterAll(async () => {
    await docker.reading.close();
    await home.close();
    await lab.down();
  });

  /** Creates them, audits, and removes them. What was found by name, in alphabetical order. */
  async function look(animals: readonly Animal[], trees: boolean): Promise<Map<string, string[]>> {
    const references = new Map(animals.map(({ image }) => [image.reference, image]));
    for (const image of references.values()) await loadImage(lab, image);
    // Created only: nothing of it may run here.
    for (const { name, create } of animals) await docker.changing.create(name, create);
    const plain = home.context();
    const shells = connectShell({ kind: "local" }, [lab.folder]);
    const files = fleet("shell", ["nas"], () => connectFiles(shells, [lab.folder]));
    const context = { ...plain, systems: { ...plain.systems, files } };
    const { structured } = await auditPermissions.call({ detail: "full", limit: 200, trees }, context);
    for (const { name } of animals) await docker.changing.remove(name);
    const found = new Map<string, string[]>(animals.map(({ name }) => [name, []]));
    for (const { id, severity } of audit.parse(structured).findings) {
      const [name = "", check] = id.split("/");
      found.set(name, [...(found.get(name) ?? []), `${severity} ${check}`].toSorted());
    }
    return found;
  }

  /** Says how many were told apart, so that a run's output shows it. */
  function count(kind: string, found: ReadonlyMap<string, string[]>, wrong: readonly Named[], right: readonly Named[]) {
    const hit = wrong.filter(({ name, expects }) => found.get(name)?.join() === expects.toSorted().join());
    const alarms = right.flatMap(({ name }) => (found.get(name) ?? []).map((what) => `${name}: ${what}`));
    process.stdout.write(
      `${kind}: ${hit.length} of ${wrong.length} bad ones with exactly what is wrong, ${alarms.length} false alarms over ${right.length} good ones\n`,
    );
    return alarms;
  }

  describe("containers", () => {
    let found: Map<string, string[]>;
    beforeAll(async () => {
      found = await look([...bad, ...good], false);
    });
    it.each(bad)("$name", ({ name, expects }) => {
      expect(found.get(name)).toEqual(expects.toSorted());
    });
    it("gives no false alarm", () => {
      expect(count("containers", found, bad, good)).toEqual([]);
    });
  });

  describe("folders", () => {
    let found: Map<string, string[]>;
    beforeAll(async () => {
      const animals = [...badTrees, ...goodTrees].map(({ name, expects, plant, then, reads }) => {
        const folder = join(lab.folder, "zoo", name);
        const one = animal(name, expects, {}, { Binds: [`${folder}:/data${reads ? ":ro" : ""}`] });
        const me = String(one.create.User).split(":")[0];
        mkdirSync(folder, { recursive: true });
        const script = `umask 022; ${plant}; chown -Rh $me:$me .; ${then || "true"}`;
        execFileSync("sh", ["-ec", script], { cwd: folder, env: { ...process.env, me } });
        return one;
      });
      found = await look(animals, true);
    });
    it.each(badTrees)("$name", ({ name, expects }) => {
      expect(found.get(name)).toEqual(expects.toSorted());
    });
    it("gives no false alarm", () => {
      expect(count("folders", found, badTrees, goodTrees)).toEqual([]);
    });
  });
});

type Named = Pick<Animal, "name" | "expects">;
