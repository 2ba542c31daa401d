import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DockerFake, startDockerFake } from "../../../src/demo/docker/index.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { connectDocker, type LifeMemory } from "../../../src/systems/docker/index.ts";

const day = 86_400_000;

let fake: DockerFake;
let folder: string;
let store: Store;
let now: number;
const closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  fake = await startDockerFake({ pull_ms: 0 });
  folder = mkdtempSync(join(tmpdir(), "steward-lives-"));
  store = openStore(folder);
  now = 20_000 * day;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  store.close();
  rmSync(folder, { recursive: true });
  await fake.close();
});

const stored: LifeMemory = {
  of: (container, ended_at) => store.lives.of(container, ended_at),
  keep: (container, ended_at, events) => store.lives.keep(container, ended_at, events, now),
};

/** A process of its own, as it were. */
function docker(memory?: LifeMemory) {
  const { reading, changing } = connectDocker(fake.connection, memory ? { memory } : {});
  closing.push(() => reading.close());
  return {
    reading,
    changing,
    life: async (name = "sonarr") => (await reading.life(await reading.inspect(name))).map(({ action }) => action),
  };
}

const told = ["start", "kill", "die", "stop"];
/** As healthchecks do it. */
const forgetsAll = () => void fake.engine.events.splice(0);

it("is remembered when the engine has forgotten it, by this process and by the next", async () => {
  const one = docker(stored);
  await one.changing.stop("sonarr", 0);
  expect(await one.life()).toEqual(told);
  forgetsAll();
  expect(await one.life()).toEqual(told);
  store.close();
  store = openStore(folder);
  expect(await docker(stored).life()).toEqual(told);
  expect(await docker().life()).toEqual([]);
});

it("is remembered for as long as a process lives that keeps nothing", async () => {
  const { changing, life } = docker();
  await changing.stop("sonarr", 0);
  expect(await life()).toEqual(told);
  forgetsAll();
  expect(await life()).toEqual(told);
});

it("is that of its last end, never of one before", async () => {
  const { changing, life } = docker(stored);
  await changing.stop("sonarr", 0);
  expect(await life()).toEqual(told);
  await changing.start("sonarr");
  await changing.stop("sonarr", 0);
  forgetsAll();
  expect(await life()).toEqual([]);
});

it("is not taken for told where the engine did not know how it ended", async () => {
  const { changing, life } = docker(stored);
  await changing.stop("sonarr", 0);
  const events = fake.engine.events.splice(0);
  expect(await life()).toEqual([]);
  fake.engine.events.push(...events);
  expect(await life()).toEqual(told);
});

it("is told where the memory can't be used", async () => {
  const broken = () => {
    throw new StewardError("refused", "The disk is full.", "Make room.");
  };
  const { changing, life } = docker({ of: broken, keep: broken });
  await changing.stop("sonarr", 0);
  expect(await life()).toEqual(told);
});

it("is told where the database is damaged", async () => {
  const { changing, life } = docker(stored);
  await changing.stop("sonarr", 0);
  const other = new Database(join(folder, "steward.db"));
  other.exec("DROP TABLE container_lives");
  other.close();
  expect(await life()).toEqual(told);
});

it("is forgotten a month after it was kept", async () => {
  const event = { action: "die", at_ms: 1, exit_code: 3, signal: null } as const;
  store.lives.keep("a", "2026-01-01T00:00:00Z", [event], now);
  store.lives.keep("b", "2026-01-01T00:00:00Z", [event], now + 29 * day);
  expect(store.lives.of("a", "2026-01-01T00:00:00Z")).toEqual([event]);
  expect(store.lives.of("a", "2026-01-01T00:00:01Z")).toBeNull();
  store.lives.keep("c", "2026-01-01T00:00:00Z", [event], now + 31 * day);
  expect(["a", "b", "c"].map((id) => store.lives.of(id, "2026-01-01T00:00:00Z") !== null)).toEqual([false, true, true]);
});
