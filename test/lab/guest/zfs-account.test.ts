import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { connectShell, type Shells } from "../../../src/systems/shell/index.ts";
import { sshLink } from "../../../src/systems/ssh.ts";
import { zfsChangesOverShell, zfsOverShell } from "../../../src/systems/zfs/index.ts";
import { openGuestHome } from "../support/guest-home.ts";
import { guestMissing, onGuest, startZfsGuest, type ZfsGuest } from "../support/zfs-guest.ts";

const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));
/** What `home-steward setup` prints for an owner to install. */
const printed = (...words: string[]) => execFileSync(process.execPath, [main, "setup", ...words], { encoding: "utf8" });

const storage = z.object({ pools: z.array(z.looseObject({ pool: z.string(), state: z.string() })) });
const disks = z.object({
  disks: z.array(z.looseObject({ disk: z.string(), tier: z.string() })),
  silent_hosts: z.array(z.looseObject({ host: z.string() })),
});

/** As an owner sets it up who gives Home Steward no root: an ordinary account, our lines for sudo, our forced command. */
describe.skipIf(guestMissing !== null)(
  onGuest("an ordinary account on a machine with ZFS"),
  { timeout: 300_000 },
  () => {
    let guest: ZfsGuest;
    let home: Awaited<ReturnType<typeof openGuestHome>>;
    let shells: Shells;
    beforeAll(async () => {
      guest = await startZfsGuest();
      home = await openGuestHome(guest, { user: "steward" });
      shells = connectShell({ kind: "ssh", ssh: { ...guest.ssh, user: "steward" } });
    });
    afterAll(async () => {
      await shells.close();
      await home.close();
      await guest.down();
    });
    const pools = async (of = home) =>
      storage.parse(await of.call("get_storage", {})).pools.map(({ pool, state }) => `${pool} ${state}`);
    const tiers = async (of = home) => disks.parse(await of.call("get_disks", {}));

    it("reads ZFS without any of it, and is told what its disks need", async () => {
      expect(await guest.run("id -u steward; sudo -l -U steward")).toContain("not allowed to run sudo");
      expect(await pools()).toEqual(["backup online", "tank online"]);
      const { silent_hosts } = await tiers();
      expect(silent_hosts).toMatchObject([{ host: "nas", code: "refused" }]);
      expect(JSON.stringify(silent_hosts)).toContain("--print-sudoers");
    });

    it("reads its disks and changes ZFS with the lines for sudo", async () => {
      await guest.run(
        "cat > /etc/sudoers.d/home-steward; chmod 440 /etc/sudoers.d/home-steward; visudo -c",
        printed("--print-sudoers", "--user", "steward"),
      );
      const seen = await tiers();
      expect(seen.silent_hosts).toEqual([]);
      expect(seen.disks.filter(({ tier }) => tier === "ok").map(({ disk }) => disk)).toEqual([
        "sde",
        "sdf",
        "sdg",
        "sdh",
      ]);

      const zfs = zfsOverShell(shells.reading);
      const changing = zfsChangesOverShell(shells);
      await changing.createSnapshot("tank/data@by-steward", false);
      await changing.hold("tank/data@by-steward", "home-steward");
      expect(await zfs.snapshot("tank/data@by-steward")).toMatchObject({ holds: ["home-steward"] });
      await changing.release("tank/data@by-steward", "home-steward");
      await changing.clone("tank/data@by-steward", "tank/copy");
      await changing.destroyClone("tank/copy");
      await changing.rollback("tank/data@by-steward");
      await changing.destroySnapshot("tank/data@by-steward");
      await changing.scrub("backup", "start");
      await guest.run("zpool wait -t scrub backup");
      const leaf = (await zfs.pools()).find(({ name }) => name === "tank")?.vdevs[0]?.children[1];
      await changing.offline("tank", leaf?.guid ?? "");
      expect(await pools()).toEqual(["tank degraded", "backup online"]);
      await changing.replace("tank", leaf?.guid ?? "", "ata-LAB_SATA_LAB-SATA-3");
      await guest.run("zpool wait -t replace tank");
      expect(await guest.run("zpool status tank")).toContain("ata-LAB_SATA_LAB-SATA-3  ONLINE");
    });

    it("may run nothing else as root", async () => {
      for (const line of [
        "zpool destroy tank",
        "zfs destroy -r -- tank/data",
        "zfs destroy -- tank",
        "smartctl -s off /dev/sde",
        "sh",
      ])
        await expect(guest.run(`su steward -c 'sudo -n -- ${line}'`)).rejects.toThrow("a password is required");
      expect(await pools()).toEqual(["backup online", "tank online"]);
    });

    it("does the same where its key may run our commands only, and nothing beside them", async () => {
      const pair = ssh2.utils.generateKeyPairSync("ed25519");
      await guest.run(
        "cat > /usr/local/sbin/home-steward-command; chmod 755 /usr/local/sbin/home-steward-command",
        printed("--print-forced-command"),
      );
      await guest.run(
        "cat >> /home/steward/.ssh/authorized_keys",
        `restrict,command="/usr/local/sbin/home-steward-command" ${pair.public}\n`,
      );
      const login = { ...guest.ssh, user: "steward", key: pair.private };
      const forced = await openGuestHome(guest, login);
      const link = sshLink(login, 30_000);
      try {
        expect(await pools(forced)).toEqual(["backup online", "tank online"]);
        const { disks: seen, silent_hosts } = await tiers(forced);
        expect(silent_hosts).toEqual([]);
        expect(seen).toHaveLength(12);
        const client = await link.connected();
        const code = await new Promise((resolve, reject) =>
          client.exec("id", (error, channel) => (error ? reject(error) : channel.resume().once("exit", resolve))),
        );
        expect(code).toBe(126);
      } finally {
        link.close();
        await forced.close();
      }
    });
  },
);
