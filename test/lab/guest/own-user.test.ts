import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openGuestHome } from "../support/guest-home.ts";
import { until } from "../support/lab.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

// A kernel under QEMU without hardware's help, on cores that others need as well.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A real engine beside real OpenZFS and real accounts, all of it through one ssh login. */
describe.skipIf(guestMissing !== null)(onGuest("a user of its own, on one machine with Docker and ZFS"), () => {
  let guest: ZfsGuest;
  let home: Awaited<ReturnType<typeof openGuestHome>>;
  beforeAll(async () => {
    guest = await startZfsGuest();
    // No network: a container's files and rights are what this is about.
    await guest.run(
      "setsid dockerd --storage-driver vfs --bridge none --iptables=false --ip6tables=false >/run/dockerd.log 2>&1 </dev/null &",
    );
    await until(
      () => guest.run("docker version >/dev/null 2>&1 && echo up || true"),
      (said) => said === "up",
      120,
    );
    await guest.run(`set -e
      mkdir -p /run/image/bin
      cp /bin/busybox /run/image/bin/busybox
      for name in sh sleep test id; do ln -s busybox /run/image/bin/$name; done
      tar -C /run/image -c . | docker import - app:1
      zfs create tank/app
      cd /tank/app
      mkdir inner
      echo mine >secret; echo mine >inner/log; chmod 600 secret inner/log; chmod 777 inner`);
    home = await openGuestHome(guest, {}, { docker: { ssh: true }, roots: ["/tank"] });
    // What an engine does for the first time takes it long here.
    await start("true");
    await until(
      () =>
        home.call("audit_permissions", {}).then(
          () => true,
          () => false,
        ),
      (answered) => answered,
      120,
    );
  });
  afterAll(async () => {
    await home.close();
    await guest.down();
  });

  const start = (check: string) =>
    guest.run(
      `docker rm -f app >/dev/null 2>&1; docker run -d --name app --network none -v /tank/app:/config --restart no \
        --health-cmd '${check}' --health-interval 2s --health-retries 2 app:1 sh -c 'exec sleep 3600'`,
    );
  /** Owners, modes, accounts and datasets as the machine's own tools tell them. */
  const state = () =>
    guest.run(
      "cd /tank/app; find . -printf '%P %i %U:%G %m %T@\\n' | sort; cat /etc/passwd /etc/group /etc/shadow /etc/gshadow; zfs list -Ht snapshot -o name -r tank/app",
    );
  const runsAs = () =>
    guest.run("docker exec app id -u; docker exec app sh -c 'test -w /config/secret && echo writes'");
  const fix = async () => {
    const { plan_id } = await home.plan("fix_permissions", { findings: ["app/root_user", "app/world_writable"] });
    return home.approveAndApply(plan_id, "app");
  };

  it("is given to it with its files, and taken back bit for bit where it has to be root", async () => {
    await start('test "$(id -u)" = 0');
    const before = await state();
    expect(await fix()).toMatchObject({ status: "rolled_back" });
    expect(await state()).toBe(before);
    expect(await runsAs()).toBe("0\nwrites");
  });

  it("runs as that user, which reads and writes what was root's, after a snapshot", async () => {
    await start("test -w /config/secret");
    expect(await fix()).toMatchObject({ status: "done" });
    expect(await runsAs()).toBe("3000\nwrites");
    expect(await guest.run("cd /tank/app; stat -c '%n %u:%g %a' . secret inner inner/log")).toBe(
      [". 3000:3000 755", "secret 3000:3000 600", "inner 3000:3000 775", "inner/log 3000:3000 600"].join("\n"),
    );
    expect(await guest.run("getent passwd 3000 | cut -d: -f1,3,4,7")).toMatch(/^\S*app:3000:3000:\S*nologin$/);
    expect(await guest.run("zfs list -Ht snapshot -o name -r tank/app")).toMatch(/^tank\/app@home-steward-owners-\S+$/);
  });
});
