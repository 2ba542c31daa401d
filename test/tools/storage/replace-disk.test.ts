import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { releases } from "../../../src/demo/truenas/model.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Contents, Disk, Smart } from "../../../src/systems/smart/port.ts";
import type { Vdev } from "../../../src/systems/zfs/port.ts";
import { replaceDisk } from "../../../src/tools/storage/replace-disk.ts";
import { noChanges } from "../../support/no-systems.ts";
import type { ZfsRig } from "../../systems/zfs/changes-contract.ts";
import { playedRig, truenasRig } from "../../systems/zfs/changes-rigs.ts";
import { disk, diskContext, unasked } from "./disk-house.ts";
import { gated } from "./gated-storage.ts";

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

/** A host whose pool is the rig's, with a disk that is in none. */
async function home(rig: ZfsRig) {
  closing.push(() => rig.close());
  const overShell = rig.reading.rules.new_disk_by === "by_id";
  const next = disk(overShell ? "sdc" : "sdi", { size_bytes: 8e12, slot: "4:0:0:0" });
  const state = {
    disks: [disk("sdg", { size_bytes: 8e12, slot: "2:0:0:0" }), disk("sdh", { size_bytes: 8e12 }), next] as Disk[],
    contents: { is: "blank", why: "it has no partition and no file system", by_id: "ata-C" } as Contents,
  };
  const smart: Smart = { disks: async () => state.disks, read: unasked, contents: async () => state.contents };
  const context = diskContext(smart);
  const systems = { ...context.systems, zfs: fleet("zfs", ["nas"], () => rig.reading) };
  const changes = { ...noChanges, zfs: fleet("zfs", ["nas"], () => rig.changing) };
  const house = await gated(replaceDisk, { ...context, systems }, changes);
  closing.push(() => house.close());
  const pool = async () => {
    const found = (await rig.reading.pools()).find(({ name }) => name === rig.pool);
    if (found === undefined) throw new Error("the rig has a pool");
    return found;
  };
  const leaves = async (): Promise<Vdev[]> => (await pool()).vdevs[0]?.children ?? [];
  const [one, other] = await leaves();
  if (one === undefined || other === undefined) throw new Error("the pool is a mirror");
  return { ...house, state, next, pool, leaves, one, other, called: other.disk ?? other.name };
}

const ways: [string, () => Promise<ZfsRig>][] = [
  ["a shell", () => playedRig()],
  ...releases.map((release): [string, () => Promise<ZfsRig>] => [`TrueNAS ${release}`, () => truenasRig(release)]),
];

describe.each(ways)("through %s", (_, open) => {
  let at: Awaited<ReturnType<typeof home>>;
  beforeEach(async () => {
    at = await home(await open());
  });

  test("a disk leaves its mirror, comes back, leaves again, and the new one takes its place", async () => {
    const { plan, run, leaves, other, called, next } = at;
    const out = await plan({ disk: called, action: "offline" });
    expect(out).toMatchObject({
      risk: "disruptive",
      title: expect.stringMatching(/^Take disk \S+ of pool \w+ on nas offline$/),
    });
    expect(out.changes[1]).toMatch(/^mirror-0 of \w+: 1 more disk may fail → none more$/);
    expect(out.warnings[0]).toBe(
      "From then on, and until the new disk is resilvered, the pool is lost with one more disk.",
    );
    expect((await run(out)).status).toBe("done");
    expect((await leaves()).map(({ state }) => state)).toEqual(["online", "offline"]);

    expect((await run(await plan({ disk: called, action: "online" }))).status).toBe("done");
    expect((await leaves()).map(({ state }) => state)).toEqual(["online", "online"]);
    expect((await run(await plan({ disk: called, action: "offline" }))).status).toBe("done");

    const exchange = await plan({ disk: called, action: "replace", new_disk: next.serial });
    expect(exchange).toMatchObject({ risk: "destructive", targets: [{ kind: "disk", host: "nas", name: next.name }] });
    expect(exchange.changes[0]).toContain(`→ ${next.name} (ST4000VN008, serial Z-${next.name}, slot 4:0:0:0), 8.0 TB`);
    const done = await run(exchange, next.name);
    expect([done.status, done.results?.[0]?.why]).toEqual([
      "done",
      expect.stringContaining(`${next.name} is in mirror-0`),
    ]);
    expect((await leaves()).map(({ guid }) => guid)).not.toContain(other.guid);
  });

  test("nothing is taken out of a mirror that has lost a disk", async () => {
    const { plan, run, called, one, leaves } = at;
    await run(await plan({ disk: called, action: "offline" }));
    await expect(plan({ disk: one.guid, action: "offline" })).rejects.toMatchObject({ code: "conflict" });
    expect((await leaves()).map(({ state }) => state)).toEqual(["online", "offline"]);
  });

  test("the plan is for that disk, as empty as it was, and for that vdev", async () => {
    const { plan, run, called, next, state, other, leaves } = at;
    const wish = { disk: called, action: "replace", new_disk: next.name };
    const exchange = await plan(wish);
    state.contents = { ...state.contents, is: "used", why: "it has a file system" };
    expect((await run(exchange, next.name)).status).toBe("stale");
    await expect(plan(wish)).rejects.toThrow(`${next.name} is not empty: it has a file system.`);
    state.contents = { ...state.contents, is: "blank", why: "it has no partition" };
    const again = await plan(wish);
    state.disks = state.disks.map((one) => (one.name === next.name ? { ...one, serial: "another" } : one));
    expect((await run(again, next.name)).status).toBe("stale");
    expect((await leaves()).map(({ guid }) => guid)).toContain(other.guid);
  });
});

it("asks for the name of the disk that is overwritten", async () => {
  const { plan, run, next } = await home(await playedRig());
  const exchange = await plan({ disk: "ata-B", action: "replace", new_disk: next.name });
  await expect(run(exchange, "sdb")).rejects.toMatchObject({ code: "refused" });
});

it("takes no disk that is smaller than the old one, or than those beside it where the old one is gone", async () => {
  const { plan, state, called } = await home(await truenasRig("25.10"));
  state.disks = state.disks.map((one) => (one.name === "sdi" ? { ...one, size_bytes: 8e12 - 1 } : one));
  const wish = { disk: called, action: "replace", new_disk: "sdi" };
  await expect(plan(wish)).rejects.toThrow(
    "sdi is smaller than what it would replace: 7999999999999 of 8000000000000 bytes.",
  );
  state.disks = state.disks.filter(({ name }) => name !== called);
  await expect(plan(wish)).rejects.toThrow("sdi is smaller");
});

it("says what to pull and when, and that TrueNAS wipes it", async () => {
  const { plan } = await home(await truenasRig("25.10"));
  const { warnings } = await plan({ disk: "sdg", action: "replace", new_disk: "sdi" });
  expect(warnings).toEqual([
    "It takes hours to days; get_storage follows the resilver. Until its end the redundancy is as it is now.",
    "Leave sdg (ST4000VN008, serial Z-sdg, slot 2:0:0:0) in until the resilver has ended, and pull it only then.",
    "TrueNAS wipes the old disk sdg once it is replaced.",
  ]);
});

it("says where nobody looked for what is on the new disk, and TrueNAS refuses partitions", async () => {
  const rig = await truenasRig("25.10");
  const { plan, run, state, leaves, other } = await home(rig);
  state.contents = {
    is: "unchecked",
    why: "TrueNAS takes no disk with partitions, and looks for nothing else",
    by_id: null,
  };
  const dirty = rig.fake.nas.disks.find(({ name }) => name === "sdi");
  if (dirty) dirty.partitions = 1;
  const exchange = await plan({ disk: "sdh", action: "replace", new_disk: "sdi" });
  expect(exchange.warnings[0]).toBe(
    "See for yourself that nothing on sdi is needed: TrueNAS takes no disk with partitions, and looks for nothing else.",
  );
  const { status, results } = await run(exchange, "sdi");
  expect([status, results?.[0]?.why]).toEqual(["rolled_back", expect.stringContaining("That disk has partitions.")]);
  expect((await leaves()).map(({ guid }) => guid)).toContain(other.guid);
});

it("over a shell wants the new disk's lasting name", async () => {
  const { plan, state } = await home(await playedRig());
  state.contents = { ...state.contents, by_id: null };
  await expect(plan({ disk: "ata-B", action: "replace", new_disk: "sdc" })).rejects.toMatchObject({
    code: "unsupported",
  });
  await expect(plan({ disk: "ata-B", action: "replace" })).rejects.toMatchObject({ code: "bad_input" });
  await expect(plan({ disk: "sdz", action: "offline" })).rejects.toMatchObject({ code: "not_found" });
  await expect(plan({ disk: "ata-B", action: "online" })).rejects.toMatchObject({ code: "nothing_to_do" });
});
