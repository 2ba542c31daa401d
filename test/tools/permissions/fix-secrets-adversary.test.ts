import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deployStack } from "../../../src/demo/docker/portainer-stacks.ts";
import { shopImage } from "../../support/shop.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { openStackHouse } from "../support/stack-house.ts";
import { withSecretFiles } from "./secret-house.ts";

/** With what YAML, JSON, shells and addresses write in ways of their own. */
const canary = "canary\"4711$x%'ü";
const name = "POSTGRES_PASSWORD";

/** How it may be written. Whatever of it stands anywhere is found by its middle, too. */
const writings = [
  canary,
  "canary",
  "4711$x",
  JSON.stringify(canary).slice(1, -1),
  encodeURIComponent(canary),
  Buffer.from(canary).toString("hex"),
  Buffer.from(canary).toString("base64").slice(0, 12),
];
const found = (text: string) => writings.filter((one) => text.includes(one));

/** All that somebody else than root and the container may come to see. */
interface Seen {
  answers: unknown[];
  written(): string[];
}

function lookOn(home: GatedHouse, ran: readonly string[]): Seen {
  const said: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  const answers: unknown[] = [];
  return {
    answers,
    written: () => [
      ...said,
      ...ran,
      JSON.stringify(answers),
      ...readdirSync(home.folder).map((file) => readFileSync(join(home.folder, file)).toString("latin1")),
      ...readdirSync(home.folder).map((file) => readFileSync(join(home.folder, file)).toString("utf8")),
    ],
  };
}

/** Asks for a plan, shows it to a person, runs it; an error is an answer, too. */
async function tried(home: GatedHouse, finding: string, typed: string, seen: Seen, between = () => {}) {
  const asked = await home.plan("fix_permissions", { findings: [finding] });
  seen.answers.push(asked, home.gate.words(asked.plan_id), await home.call("get_plan", { plan_id: asked.plan_id }));
  between();
  const view = await home.approveAndApply(asked.plan_id, typed);
  seen.answers.push(view, home.gate.words(asked.plan_id), await home.call("get_plan", { plan_id: asked.plan_id }));
  return view.results?.[0]?.outcome ?? view.status;
}

describe("a secret that moves is told to nobody", () => {
  let home: GatedHouse;
  afterEach(async () => {
    vi.restoreAllMocks();
    await home.close();
  });

  describe("by the engine", () => {
    let machine: ReturnType<typeof withSecretFiles>;
    let seen: Seen;
    beforeEach(async () => {
      home = await openGatedHouse();
      machine = withSecretFiles(home);
      run(home.fake, "postgres", { Env: [`${name}=${canary}`] });
      seen = lookOn(home, machine.ran);
    });
    const fix = (between?: () => void) => tried(home, `postgres/env_secret`, "postgres", seen, between);
    const file = () => machine.files.get(`/mnt/tank/home-steward-secrets/postgres.${name}`);

    test("while it is moved", async () => {
      expect(await fix()).toBe("done");
      expect(file()?.value).toBe(canary);
      expect(found(JSON.stringify(home.fake.engine.find("postgres").config))).toEqual([]);
      expect(found(seen.written().join("\n"))).toEqual([]);
    });

    test("while it fails, and is undone", async () => {
      const { behaviour } = home.fake.engine.find("postgres").image;
      const outcome = await fix(() => {
        behaviour.health = "unhealthy";
      });
      expect(outcome).toBe("rolled_back");
      expect([file(), home.fake.engine.find("postgres").config.Env]).toEqual([undefined, [`${name}=${canary}`]]);
      expect(found(seen.written().join("\n"))).toEqual([]);
    });

    test("while its file can't be removed again, because it holds something else now", async () => {
      const { behaviour } = home.fake.engine.find("postgres").image;
      const outcome = await fix(() => {
        behaviour.health = "unhealthy";
        const set = machine.files.set.bind(machine.files);
        vi.spyOn(machine.files, "set").mockImplementation((path, one) => set(path, { ...one, value: `${one.value}!` }));
      });
      expect(outcome).toBe("failed");
      expect(file()?.value).toBe(`${canary}!`);
      expect(home.fake.engine.find("postgres").run.status).toBe("running");
      expect(found(seen.written().join("\n"))).toEqual([]);
    });

    test("while it is read on the way", async () => {
      for (const args of [{}, { container: "postgres", detail: "full" }])
        seen.answers.push(await home.call("audit_permissions", args));
      seen.answers.push(
        await home
          .plan("fix_permissions", { findings: ["postgres/env_secret", "postgres/no_limits"] })
          .catch((error: unknown) => String(error)),
      );
      expect(found(seen.written().join("\n"))).toEqual([]);
    });
  });

  test.each(["healthy", "unhealthy"] as const)("by Portainer, where the stack is %s after", async (health) => {
    const stacked = await openStackHouse();
    home = stacked;
    const machine = withSecretFiles(stacked);
    const image = shopImage("postgres:16");
    stacked.fake.engine.registry.publish("postgres:16", image);
    stacked.fake.engine.addImage(image, "postgres:16");
    const before = `services:\n  db:\n    image: postgres:16\n    environment:\n      ${name}: ${JSON.stringify(canary.replaceAll("$", "$$$$"))}\n`;
    stacked.stack.text = before;
    deployStack(stacked.fake.engine, stacked.stack);
    const seen = lookOn(home, machine.ran);
    const outcome = await tried(home, "shop-db-1/env_secret", "shop", seen, () => {
      stacked.fake.engine.find("shop-db-1").image.behaviour.health = health;
    });
    expect(outcome).toBe(health === "healthy" ? "done" : "rolled_back");
    if (health === "healthy") expect(found(stacked.stack.text)).toEqual([]);
    else expect(stacked.stack.text).toBe(before);
    expect(found(seen.written().join("\n"))).toEqual([]);
  });

  test("is found by this test where it is told", async () => {
    home = await openGatedHouse();
    const seen = lookOn(home, []);
    expect(found(seen.written().join("\n"))).toEqual([]);
    process.stderr.write(`a line with ${canary}\n`);
    seen.answers.push({ canary });
    expect(found(seen.written().join("\n"))).toContain(canary);
  });
});
