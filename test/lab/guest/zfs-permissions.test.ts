import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectFileChanges, connectFiles } from "../../../src/systems/files/index.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { zfsChangesOverShell, zfsOverShell } from "../../../src/systems/zfs/index.ts";
import type { ToolContext } from "../../../src/tools/define.ts";
import { auditPermissions } from "../../../src/tools/permissions/audit-permissions.ts";
import { fixPermissions } from "../../../src/tools/permissions/fix-permissions.ts";
import { good } from "../../analysis/permissions/zoo.ts";
import { furnishZoo } from "../../tools/permissions/zoo-house.ts";
import { gated } from "../../tools/storage/gated-storage.ts";
import { type House, openHouse } from "../../tools/support/house.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const audit = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), severity: z.string(), evidence: z.string() })),
  trees: z.array(
    z.looseObject({
      path: z.string(),
      entries: z.number().nullable(),
      acls: z.number().nullable(),
      note: z.string().nullable(),
    }),
  ),
});
const [plain] = good;

/** Files, access lists and snapshots of a real OpenZFS; the containers that have them mounted are played (own-user.test.ts has a real engine). */
describe.skipIf(guestMissing !== null)(onGuest("permissions on real ZFS"), { timeout: 120_000 }, () => {
  let guest: ZfsGuest;
  let shells: Shells;
  let house: House;
  let context: ToolContext;
  let gate: Awaited<ReturnType<typeof gated>>;
  beforeAll(async () => {
    guest = await startZfsGuest();
    shells = connectShell({ kind: "ssh", ssh: guest.ssh }, ["/tank"]);
    await guest.run(`set -e
      zfs create -o acltype=posix tank/app
      zfs create -o acltype=posix tank/app/inner
      cd /tank/app
      touch open admins suid listed twice closed inner/listed
      mkdir drop; touch drop/made
      ln twice again; ln -s /etc/passwd out
      setfacl -m u:1000:rw,g:27:r listed inner/listed
      setfacl -m u:4242:r drop/made; setfacl -d -m u:1001:rwx drop
      chown -R 4242:4242 .; chown -h 950:950 admins listed twice out
      chown 0:0 drop/made closed; chmod 600 closed
      chmod 777 open; chmod 4755 suid; chmod o= drop/made; chmod o+w listed`);
  });
  afterAll(async () => {
    await shells.close();
    await guest.down();
  });
  beforeEach(async () => {
    if (plain === undefined) throw new Error("the zoo is empty");
    house = await openHouse({ empty: true });
    const create = { ...plain.create, User: "4242:4242", HostConfig: { Binds: ["/tank/app:/config"] } };
    furnishZoo(house.fake.engine, [{ ...plain, name: "app", create: JSON.parse(JSON.stringify(create)) }]);
    const files = connectFiles(shells, ["/tank"]);
    const zfs = zfsOverShell(shells.reading);
    context = {
      ...house.context,
      systems: {
        ...house.systems,
        files: fleet("shell", ["nas"], () => files),
        zfs: fleet("zfs", ["nas"], () => zfs),
      },
    };
    const changing = { files: connectFileChanges(shells), zfs: zfsChangesOverShell(shells) };
    gate = await gated(fixPermissions, context, {
      ...house.changes,
      files: fleet("shell", ["nas"], () => changing.files),
      zfs: fleet("zfs", ["nas"], () => changing.zfs),
    });
  });
  afterEach(async () => {
    gate.close();
    await house.close();
  });

  const ask = async () => {
    const { structured } = await auditPermissions.call({ container: "app", trees: true }, context);
    const { findings, trees } = audit.parse(structured);
    const ofTrees = /\/(world_writable|admin_owned|setuid_files|acls|unreadable|unwritable)$/;
    return {
      trees,
      found: findings
        .filter(({ id }) => ofTrees.test(id))
        // Which of them are the examples is ZFS's choice.
        .map(
          ({ id, severity, evidence }) =>
            `${severity} ${id.slice(4)}: ${evidence.replace(/(; | in \/tank\/app: \/).*/, "")}`,
        )
        .toSorted(),
    };
  };
  /** All that a change of owners, modes or lists would show, with the lists as getfacl has them. */
  const state = () =>
    guest.run(
      "cd /tank/app; find . -printf '%P %i %U:%G %m %T@ %s %l\\n' | sort; getfacl -R -P -n -p . | grep -v '^# file'",
    );
  const ids = ["app/world_writable", "app/admin_owned", "app/setuid_files"];

  it("finds access lists in every dataset, with who may do what by them", async () => {
    const { trees, found } = await ask();
    expect(trees).toEqual([expect.objectContaining({ path: "/tank/app", entries: 14, acls: 4, note: null })]);
    expect(found).toEqual([
      "info acls: 4 whose access list says more than their mode in /tank/app: user 1000 may write (2), " +
        "group 27 may read (2), user 1001 may write what is made inside (1), user 4242 may read (1)",
      "info unwritable: 5 that it can't write",
      "warning admin_owned: 5 of an administrator's",
      "warning setuid_files: 1 with setuid",
      // One more, were it not for its list.
      "warning unreadable: 1 that it can't read",
      "warning world_writable: 2 that all may write",
    ]);
  });

  it("undoes everything bit for bit, lists and all, where the container is not well with it", async () => {
    const before = await state();
    const plan = await gate.plan({ findings: ids });
    expect(plan.steps[0]).toMatch(/^Take the snapshot tank\/app@home-steward-owners-/);
    house.fake.engine.find("app").image.behaviour.health = "unhealthy";
    expect((await gate.run(plan, "/tank/app")).results?.[0]).toMatchObject({ outcome: "rolled_back" });
    expect(await state()).toBe(before);
    expect(await guest.run("zfs list -Ht snapshot -o name -r tank/app")).toBe("");
  });

  it("mends owners and modes by an approved list after a snapshot, and leaves the lists what they were", async () => {
    const lists = () =>
      guest.run("cd /tank/app; getfacl -R -P -n -p . | grep -E '^(default:)?(user|group):[0-9]|^mask'");
    const before = await lists();
    expect(before.split("\n")).toEqual(
      expect.arrayContaining(["user:1000:rw-", "group:27:r--", "default:user:1001:rwx"]),
    );
    const view = await gate.run(await gate.plan({ findings: ids }), "/tank/app");
    expect(view.results?.[0]).toMatchObject({ outcome: "done" });
    expect(await lists()).toBe(before);
    expect(await guest.run("cd /tank/app; stat -c '%n %u %a' open admins suid listed twice out inner/listed")).toBe(
      [
        "open 4242 775",
        "admins 4242 644",
        "suid 4242 755",
        "listed 4242 664",
        // It has a second name, and the last is of another dataset.
        "twice 950 644",
        "out 4242 777",
        "inner/listed 4242 664",
      ].join("\n"),
    );
    expect(await guest.run("zfs list -Ht snapshot -o name -r tank/app")).toMatch(/^tank\/app@home-steward-owners-\S+$/);
  });

  it("names an NFS mount that hangs, and walks all around it", async () => {
    await guest.run(`set -e
      mkdir -p /tank/data/far /tank/app/far
      systemctl start nfs-server
      exportfs -o rw,no_root_squash,fsid=7 127.0.0.1:/tank/data/far
      mount -t nfs -o vers=4.2,hard,noac 127.0.0.1:/tank/data/far /tank/app/far
      ls /tank/app/far
      rpc.nfsd 0`);
    const { trees, found } = await ask();
    const note = "/tank/app/far does not answer and was left out.";
    // One less: find names the place of the dataset inside twice.
    expect(trees).toEqual([expect.objectContaining({ path: "/tank/app", entries: 13, acls: 4, note })]);
    expect(found[0]).toMatch(/^info acls: 4 whose access list/);
  });
});
