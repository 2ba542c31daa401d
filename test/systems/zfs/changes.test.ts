import { expect, test } from "vitest";
import { releases } from "../../../src/demo/truenas/model.ts";
import { contractOf } from "../truenas/schemas.ts";
import { zfsChangesContract } from "./changes-contract.ts";
import { playedRig, truenasRig } from "./changes-rigs.ts";

zfsChangesContract("zpool and zfs over a shell, played", playedRig);
for (const release of releases)
  zfsChangesContract(`TrueNAS ${release}, simulated, over its socket`, () => truenasRig(release));
zfsChangesContract("TrueNAS 24.04, simulated, through midclt", () => truenasRig("24.04", "midclt"));
zfsChangesContract("TrueNAS 26, simulated, through midclt", () => truenasRig("26", "midclt"));

test.for(releases)("asks %s only what that release declares", async (release, { skip }) => {
  const misfits = contractOf(release);
  if (misfits === null) return skip("the published contracts are not here");
  const { fake, reading, changing, close } = await truenasRig(release);
  await changing.createSnapshot("personal/data@a", true);
  await changing.hold("personal/data@a", "truenas");
  await changing.release("personal/data@a", "truenas");
  await changing.clone("personal/data@a", "personal/copy");
  await changing.destroyClone("personal/copy");
  await changing.rollback("personal/data@a");
  await reading.lineage("personal/data");
  await changing.destroySnapshot("personal/data@a");
  for (const action of ["start", "pause", "start", "stop"] as const) await changing.scrub("personal", action);
  const leaf = fake.nas.pools[2]?.topology.data[0]?.children[1]?.guid ?? "";
  await changing.offline("personal", leaf);
  await changing.online("personal", leaf);
  await changing.replace("personal", leaf, "sdi");
  const sent = fake.exchanges.filter(({ answer }) => answer !== null);
  expect(
    new Set(sent.map(({ method }) => method.replace(/^(?:zfs|pool)\.snapshot\./, "snapshot."))).size,
  ).toBeGreaterThan(13);
  expect(sent.flatMap(misfits)).toEqual([]);
  await close();
});

test("a hold of somebody else stays: TrueNAS would let go of both", async () => {
  const { fake, reading, changing, close } = await truenasRig("25.10");
  await changing.createSnapshot("personal/data@a", false);
  await changing.hold("personal/data@a", "truenas");
  await expect(changing.release("personal/data@a", "backup")).rejects.toMatchObject({ code: "conflict" });
  await expect(changing.hold("personal/data@a", "mine")).rejects.toMatchObject({ code: "unsupported" });
  expect(await reading.snapshot("personal/data@a")).toMatchObject({ holds: ["truenas"] });
  fake.nas.snapshots.find(({ name }) => name === "a")?.holds.push("backup");
  await expect(changing.release("personal/data@a", "truenas")).rejects.toMatchObject({
    code: "conflict",
    message: "Others hold that snapshot too, and TrueNAS would let go of all holds at once.",
  });
  expect(fake.exchanges.map(({ method }) => method)).not.toContain("pool.snapshot.release");
  await close();
});
