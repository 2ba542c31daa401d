import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectShell } from "../../src/systems/shell/index.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { imageId, runs } from "./support/inspect.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { expectOutcomes } from "./support/outcomes.ts";

const file = `# The owner's own words stay as they are.
services:
  web:
    image: ${registry}/web
    environment:
      COLOUR: \${COLOUR:-green}
  db:
    image: ${registry}/db
`;

describe.skipIf(labMissing !== null)(titled("containers of docker compose, updated by docker compose"), () => {
  let lab: Lab;
  let home: Home;
  let folder: string;
  beforeAll(async () => {
    await promisify(execFile)(fileURLToPath(new URL("../../lab/compose.sh", import.meta.url)));
    lab = await startLab();
    folder = join(lab.folder, "stacks/shop");
    mkdirSync(folder, { recursive: true });
  });
  afterAll(() => lab.down());
  beforeEach(async () => {
    for (const name of ["web", "db"]) await lab.publish(name, 1);
    writeFileSync(join(folder, "compose.yaml"), file);
    await compose("up", "-d", "--pull", "always");
    const shells = connectShell({ kind: "local" }, [join(lab.folder, "stacks")]);
    home = openHome(await stateFolder(lab), lab.socket, { shells, composeRoots: [join(lab.folder, "stacks")] });
  });
  afterEach(async () => {
    await home.close();
    await compose("down");
  });

  const compose = (...words: string[]) =>
    lab.docker("compose", "--project-directory", folder, "-f", `${folder}/compose.yaml`, ...words);
  const plan = () => home.plan("update_container", { containers: ["shop-web-1"] });
  const idOf = (name: string) => lab.docker("inspect", "-f", "{{.Id}}", name);

  it("gets the approved image, and its neighbour is left alone", async () => {
    const [web, db, old] = [await idOf("shop-web-1"), await idOf("shop-db-1"), await imageId(lab, `${registry}/web`)];
    const digest = await lab.publish("web", 2);
    const asked = await plan();
    expect(asked.title).toBe("Update project shop on nas");
    const result = await home.approveAndApply(asked.plan_id);
    expectOutcomes(result, ["shop: done"]);
    const fresh = await imageId(lab, `${registry}/web@${digest}`);
    expect(await runs(lab, "shop-web-1")).toBe(`${fresh} running`);
    expect([await idOf("shop-web-1"), await idOf("shop-db-1")]).toEqual([expect.not.stringMatching(web), db]);
    expect(await lab.docker("image", "ls", "-q", "--no-trunc", "home-steward-kept")).toContain(old);
    // Compose has nothing to mend: what it would make is what runs.
    const after = await idOf("shop-web-1");
    await compose("up", "-d", "--pull", "never");
    expect(await idOf("shop-web-1")).toBe(after);
  });

  it("gets its old image back, proven by its id, where the new one never becomes healthy", async () => {
    const old = await imageId(lab, `${registry}/web`);
    await lab.publish("web", 3, "unhealthy");
    const result = await home.approveAndApply((await plan()).plan_id);
    expectOutcomes(result, ["shop: rolled_back"]);
    expect(result.results?.[0]?.why).toContain(`shop-web-1 runs image ${old.slice(7, 19)}`);
    expect(await runs(lab, "shop-web-1")).toBe(`${old} running`);
    expect(await imageId(lab, `${registry}/web:latest`)).toBe(old);
    const back = await idOf("shop-web-1");
    await compose("up", "-d", "--pull", "never");
    expect(await idOf("shop-web-1")).toBe(back);
  });

  it("gets no plan where its file says something else than it runs with, and one again once that is brought up", async () => {
    await lab.publish("web", 2);
    writeFileSync(join(folder, "compose.yaml"), file.replace("green", "blue"));
    await expect(plan()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("its compose file defines it in another way than it runs"),
    });
    await compose("up", "-d", "--pull", "never");
    expect((await plan()).title).toBe("Update project shop on nas");
  });

  it("makes the plan stale where its file was changed meanwhile", async () => {
    await lab.publish("web", 2);
    const asked = await plan();
    writeFileSync(join(folder, "compose.yaml"), file.replace("green", "blue"));
    const before = await idOf("shop-web-1");
    expect(await home.approveAndApply(asked.plan_id)).toMatchObject({ status: "stale" });
    expect(await idOf("shop-web-1")).toBe(before);
  });
});
