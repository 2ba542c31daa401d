import { expect, it } from "vitest";
import { watchResources } from "../../src/mcp/resource-watch.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Resources that change when the test says so, and a clock whose minutes pass then. */
function setting() {
  const marks: Record<string, string | undefined> = {};
  const looked: string[] = [];
  let at = 0;
  let pass = () => {};
  let sleeping = 0;
  const clock = {
    now: () => at,
    monotonic: () => at,
    sleep: (ms: number, signal?: AbortSignal) => {
      expect(ms).toBe(60_000);
      sleeping += 1;
      return new Promise<void>((resolve, reject) => {
        pass = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }).finally(() => {
        sleeping -= 1;
      });
    },
  };
  const watch = watchResources(clock, async (uri) => {
    looked.push(uri);
    if (marks[uri] === "down") throw new Error("the host is down");
    return marks[uri];
  });
  const told: string[] = [];
  return {
    watch,
    marks,
    told,
    looked,
    sleeping: () => sleeping,
    listen: () => watch.onChange((uri) => told.push(uri)),
    async minutes(count = 1) {
      await settle();
      at += count * 60_000;
      pass();
      await settle();
      await settle();
    },
  };
}
const tank = "pool://nas/tank";

it("tells of a change once, and of none where nothing changed", async () => {
  const { watch, marks, told, listen, minutes } = setting();
  marks[tank] = "online";
  listen();
  watch.follow(tank);
  await minutes();
  await minutes();
  expect(told).toEqual([]);
  marks[tank] = "degraded";
  await minutes();
  await minutes();
  expect(told).toEqual([tank]);
});

it("looks at nothing unless somebody listens and follows, and stops when either ends", async () => {
  const { watch, marks, looked, listen, minutes, sleeping } = setting();
  marks[tank] = "online";
  const letGo = watch.follow(tank);
  await minutes();
  expect([looked, sleeping()]).toEqual([[], 0]);
  const stop = listen();
  await minutes();
  const while_followed = looked.length;
  expect(while_followed).toBeGreaterThan(0);
  letGo();
  letGo();
  await minutes(5);
  expect([looked.length, sleeping()]).toEqual([while_followed, 0]);
  watch.follow(tank);
  await settle();
  stop();
  await minutes(5);
  expect([looked.length, sleeping()]).toEqual([while_followed + 1, 0]);
});

it("follows for two until the second lets go", async () => {
  const { watch, marks, told, listen, minutes } = setting();
  marks[tank] = "online";
  listen();
  const [one, other] = [watch.follow(tank), watch.follow(tank)];
  await minutes();
  one();
  marks[tank] = "degraded";
  await minutes();
  expect(told).toEqual([tank]);
  other();
  marks[tank] = "online";
  await minutes(2);
  expect(told).toEqual([tank]);
});

it("follows what was read for half an hour, and forgets it then", async () => {
  const { watch, marks, told, looked, listen, minutes, sleeping } = setting();
  marks[tank] = "online";
  listen();
  watch.wasRead(tank);
  await minutes(29);
  marks[tank] = "degraded";
  await minutes();
  expect(told).toEqual([tank]);
  await minutes(2);
  const then = looked.length;
  marks[tank] = "online";
  await minutes(2);
  expect([looked.length, told, sleeping()]).toEqual([then, [tank], 0]);
  // Read again: what it was in between is no news.
  watch.wasRead(tank);
  await minutes();
  expect(told).toEqual([tank]);
});

it("goes on past what can't be read, and calls its return no change", async () => {
  const { watch, marks, told, listen, minutes } = setting();
  marks[tank] = "online";
  marks["disk://nas/sda"] = "ok";
  listen();
  watch.follow(tank);
  watch.follow("disk://nas/sda");
  await minutes();
  marks[tank] = "down";
  marks["disk://nas/sda"] = "urgent";
  await minutes();
  marks[tank] = "online";
  await minutes();
  expect(told).toEqual(["disk://nas/sda"]);
});
