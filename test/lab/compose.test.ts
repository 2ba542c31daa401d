import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectShell } from "../../src/systems/shell/index.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { imageId, runs } from "./support/inspect.ts";
import { type Lab, labMissing, registry, startLab, titled } from "./support/lab.ts";
import { expectOutcomes } from "./support/outcomes.ts";

const quota = { cpus: 0.5, memory_bytes: 64 * 2 ** 20, read_bytes_per_s: null, write_bytes_per_s: null };
const settings = { quotas: [{ ...quota, containers: ["shop-web-1"], images: [], labels: [] }] };
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
    home = openHome(await stateFolder(lab), lab.socket, {
      shells,
      composeRoots: [join(lab.folder, "stacks")],
      settings,
    });
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

  it("says so where its file says something else than it runs with, and brings that along", async () => {
    await lab.publish("web", 2);
    expect((await plan()).changes).toHaveLength(1);
    writeFileSync(join(folder, "compose.yaml"), file.replace("green", "blue"));
    const asked = await plan();
    expect(asked.changes[1]).toContain("shop-web-1: its compose file defines it in another way than it runs now");
    expectOutcomes(await home.approveAndApply(asked.plan_id), ["shop: done"]);
    expect(await lab.docker("inspect", "-f", "{{json .Config.Env}}", "shop-web-1")).toContain("COLOUR=blue");
  });

  it.each([
    ["", ["    deploy:", "      resources:", "        limits:", '          cpus: "0.5"', "          memory: 64m"]],
    ["    mem_limit: 1g\n", ["    mem_limit: 64m", "    cpus: 0.5", "    memswap_limit: 64m"]],
  ])("gets its limits live, and its file says so from then on, as compose takes it: %j", async (said, added) => {
    const before = file.replace("    environment:", `${said}    environment:`);
    writeFileSync(join(folder, "compose.yaml"), before);
    await compose("up", "-d", "--pull", "never");
    const asked = await home.plan("enforce_quotas", { containers: ["shop-web-1"] });
    expect(asked.targets.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["container shop-web-1", "project shop"]);
    const web = await idOf("shop-web-1");
    expectOutcomes(await home.approveAndApply(asked.plan_id), ["shop-web-1: done", "shop: done"]);
    expect(await idOf("shop-web-1")).toBe(web);
    const now = readFileSync(join(folder, "compose.yaml"), "utf8");
    expect(now.split("\n").filter((line) => !before.includes(line))).toEqual(added);
    expect(readFileSync(join(folder, "compose.yaml.steward-old"), "utf8")).toBe(before);
    // What compose makes of it is limited the same.
    await compose("up", "-d", "--pull", "never");
    const limited = await lab.docker("inspect", "-f", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", "shop-web-1");
    expect(limited).toBe(`${64 * 2 ** 20} 500000000`);
  });

  const rights = ["new_privileges", "capabilities_kept", "writable_rootfs"].map((check) => `shop-web-1/${check}`);

  it("loses rights in its file, too, and compose finds nothing to mend", async () => {
    const asked = await home.plan("fix_permissions", { findings: rights });
    expect(asked.targets).toEqual([{ kind: "project", host: "nas", name: "shop" }]);
    const db = await idOf("shop-db-1");
    expectOutcomes(await home.approveAndApply(asked.plan_id, "shop"), ["shop: done"]);
    const format = "{{json .HostConfig.SecurityOpt}} {{json .HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}}";
    const has = await lab.docker("inspect", "-f", format, "shop-web-1");
    expect(has).toBe('["no-new-privileges:true"] ["ALL"] true');
    const added = readFileSync(join(folder, "compose.yaml"), "utf8").split("\n");
    expect(added.filter((line) => !file.includes(line))).toEqual([
      "    read_only: true",
      "    tmpfs:",
      "      - /tmp",
      "      - /run",
      "    cap_drop:",
      "      - ALL",
      "    security_opt:",
      "      - no-new-privileges:true",
    ]);
    expect(readdirSync(folder)).toEqual(["compose.yaml"]);
    const web = await idOf("shop-web-1");
    await compose("up", "-d", "--pull", "never");
    expect([await idOf("shop-web-1"), await idOf("shop-db-1")]).toEqual([web, db]);
  });

  it("is as before, byte for byte, where it can't do without what it would lose", async () => {
    const health = "    healthcheck:\n      test: [CMD-SHELL, 'echo x > /data/x']\n      retries: 2\n";
    const before = file.replace("    environment:", `${health}    environment:`);
    writeFileSync(join(folder, "compose.yaml"), before);
    await compose("up", "-d", "--pull", "never", "--wait");
    const asked = await home.plan("fix_permissions", { findings: rights });
    const result = await home.approveAndApply(asked.plan_id, "shop");
    expectOutcomes(result, ["shop: rolled_back"]);
    expect(result.results?.[0]?.why).toContain("Its file is as it was, byte for byte.");
    expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(before);
    const web = await idOf("shop-web-1");
    expect(await lab.docker("inspect", "-f", "{{.State.Running}} {{.HostConfig.ReadonlyRootfs}}", web)).toBe(
      "true false",
    );
    await compose("up", "-d", "--pull", "never");
    expect(await idOf("shop-web-1")).toBe(web);
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
