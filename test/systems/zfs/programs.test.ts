import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { sshRunner } from "../../../src/systems/shell/over-ssh.ts";
import type { Runner } from "../../../src/systems/shell/runner.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { type ReadingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Zfs, zfsOverShell } from "../../../src/systems/zfs/index.ts";
import { startExecServer } from "../shell/ssh-server.ts";
import { degraded, degradedGuids, degradedJson } from "./fixtures.ts";

/** What is typed, word for word, and what comes: the table's own words have to be these. */
const zpool = (version: "2.2" | "2.3") => ({
  "list -H -p -o name,guid,health,size,allocated,free,fragmentation,capacity,altroot":
    "tank\t10989346414645424061\tDEGRADED\t8000\t6000\t2000\t17\t75\t-\n",
  ...(version === "2.3"
    ? { "status -j --json-int -P -p": degradedJson }
    : { "status -P -p": degraded, "status -g -p": degradedGuids }),
});
const zfs = (version: "2.2" | "2.3") => ({
  version: `zfs-${version}.1-1\nzfs-kmod-${version}.1-1\n`,
  "list -H -p -t filesystem,volume -o name,type,used,available,referenced,usedbysnapshots,quota,refquota,compression,compressratio,mountpoint,readonly,encryption,volsize,origin,creation":
    "tank\tfilesystem\t5000\t2500\t96\t7\t0\t0\tlz4\t1.20\t/tank\toff\toff\t-\t-\t1764000000\n",
  "list -H -p -t snapshot -o name,guid,creation,used,referenced,userrefs,clones": Array.from(
    { length: 10_000 },
    (_, i) => `tank@s${i}\t${i + 1}\t1795341600\t1\t2\t0\t-\n`,
  ).join(""),
  "list -H -p -t snapshot -d 1 -o name,guid,creation,used,referenced,userrefs,clones -- tank":
    "tank@s0\t1\t1795341600\t1\t2\t1\ttank/copy\n",
  "holds -H -- tank@s0": "tank@s0\tkeep\tSun Nov 22 10:00 2026\n",
});

describe.skipIf(process.platform === "win32")(
  "programs that answer only to the very words they know (needs a POSIX sh)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "home-steward-zfs-"));
    const closing: (() => Promise<void>)[] = [];
    afterAll(async () => {
      await Promise.all(closing.map((close) => close()));
      rmSync(folder, { recursive: true, force: true });
    });

    /** A script that prints the file of the words it was called with, or says that it knows none. */
    function script(name: string, answers: Record<string, string>): string {
      const cases = Object.entries(answers).map(([words, answer], index) => {
        writeFileSync(join(folder, `${name}-${index}`), answer);
        return `"${words}") exec cat "${join(folder, `${name}-${index}`)}";;`;
      });
      const path = join(folder, name);
      writeFileSync(
        path,
        `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) echo "unrecognized command" >&2; exit 2;;\nesac\n`,
      );
      chmodSync(path, 0o755);
      return path;
    }

    function over(runner: Runner, version: "2.2" | "2.3"): Zfs {
      const at = (program: string) => ({ program: [program] });
      const [asZpool, asZfs] = [
        at(script(`zpool-${version}`, zpool(version))),
        at(script(`zfs-${version}`, zfs(version))),
      ];
      const links = at(
        script(`find-${version}`, {
          "/dev/disk -type l -printf %P\\t%l\\n": "by-id/ata-A-part1\t../../sda1\n",
        }),
      );
      const table: ReadingCommands = {
        ...readingCommands,
        zfsVersion: { ...readingCommands.zfsVersion, ...asZfs },
        zfsList: { ...readingCommands.zfsList, ...asZfs },
        zfsSnapshots: { ...readingCommands.zfsSnapshots, ...asZfs },
        zfsSnapshotsOf: { ...readingCommands.zfsSnapshotsOf, ...asZfs },
        zfsHolds: { ...readingCommands.zfsHolds, ...asZfs },
        zpoolList: { ...readingCommands.zpoolList, ...asZpool },
        zpoolStatus: { ...readingCommands.zpoolStatus, ...asZpool },
        zpoolStatusGuids: { ...readingCommands.zpoolStatusGuids, ...asZpool },
        zpoolStatusJson: { ...readingCommands.zpoolStatusJson, ...asZpool },
        diskLinks: { ...readingCommands.diskLinks, ...links },
      };
      return zfsOverShell(shellOver(runner, table));
    }

    describe.each(["this machine", "a machine over ssh"])("on %s", (where) => {
      let runner: Runner;
      beforeAll(async () => {
        if (where === "this machine") runner = localRunner();
        else {
          const server = await startExecServer();
          runner = sshRunner(server.ssh);
          closing.push(() => server.close());
        }
        closing.unshift(() => runner.close());
      });

      test.each(["2.2", "2.3"] as const)("OpenZFS %s", async (version) => {
        const of = over(runner, version);
        const { pools, datasets, snapshots } = await of.everything();
        expect(pools).toMatchObject([
          {
            name: "tank",
            guid: "10989346414645424061",
            usable_bytes: 7500,
            scan: { function: "resilver", state: "running", done_percent: 19.53 },
            data_errors: 3,
          },
        ]);
        expect(pools[0]?.vdevs[0]?.children[0]).toMatchObject({
          guid: "266065464696500561",
          disk: "sda",
          checksum_errors: 136,
        });
        expect(datasets).toMatchObject([{ name: "tank", used_by_snapshots_bytes: 7, compress_ratio_percent: 120 }]);
        expect(snapshots).toHaveLength(10_000);
        expect(await of.snapshots({ dataset: "tank", details: true })).toMatchObject([
          { name: "tank@s0", holds: ["keep"], clones: ["tank/copy"] },
        ]);
      });
    });
  },
);
