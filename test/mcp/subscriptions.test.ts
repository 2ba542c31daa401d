import { expect, it } from "vitest";
import type { House } from "../../src/mcp/house.ts";
import { markOf } from "../../src/mcp/resources.ts";
import type { Resource } from "../../src/resources/define.ts";
import { nearClient } from "./support/clients.ts";
import { sampleHouse } from "./support/sample-house.ts";

const lamp = "thing://hall/lamp";

/** The sample house, whose things can only be looked at; and what is asked to be followed. */
function setting() {
  const followed: string[] = [];
  const read: string[] = [];
  const house = sampleHouse();
  const marked: House = {
    ...house,
    async rooms() {
      const rooms = await house.rooms();
      const resources = rooms.resources.map((one): Resource => ({ ...one, mark: async ({ name = "" }) => ({ name }) }));
      return { ...rooms, resources };
    },
    followResource(uri) {
      followed.push(uri);
      return () => void followed.splice(followed.indexOf(uri), 1);
    },
    resourceWasRead: (uri) => void read.push(uri),
  };
  return { house: marked, followed, read };
}

it("an older client's resource is followed until it unsubscribes, or goes", async () => {
  const { house, followed, read } = setting();
  const client = await nearClient("legacy", house);
  await client.read(lamp);
  expect([followed, read]).toEqual([[], []]);
  const stop = await client.follow(lamp, () => {});
  await client.follow(lamp, () => {});
  expect(followed).toEqual([lamp]);
  await stop();
  expect(followed).toEqual([]);
  await client.follow(lamp, () => {});
  await client.close();
  await expect.poll(() => followed).toEqual([]);
});

it("what a modern client read is followed for it", async () => {
  const { house, followed, read } = setting();
  const client = await nearClient("auto", house);
  await client.read(lamp);
  expect([followed, read]).toEqual([[], [lamp]]);
  await client.close();
});

it("a resource is looked at by its own mark, and others are not", async () => {
  const { house } = setting();
  const { resources, context } = await house.rooms();
  const quiet = context({ signal: new AbortController().signal, progress: () => {} });
  expect(await markOf(resources, lamp, quiet)).toBe('{"name":"lamp"}');
  expect(await markOf(resources, "elsewhere://x", quiet)).toBeUndefined();
  expect(await markOf((await sampleHouse().rooms()).resources, lamp, quiet)).toBeUndefined();
});
