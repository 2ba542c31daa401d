import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wordsOf } from "../../src/systems/shell/argv.ts";
import type { Command } from "../../src/systems/shell/command.ts";
import { quote } from "../../src/systems/shell/quote.ts";
import { sudoers } from "../../src/systems/shell/sudoers.ts";
import { changingCommands, readingCommands } from "../../src/systems/shell/table.ts";
import { samples } from "../systems/shell/samples.ts";
import { labMissing, titled } from "./support/lab.ts";

/** The last of the places where programs are looked for: the lab's own stand there, in a mount namespace. */
const place = "/usr/local/sbin";
const commands = Object.entries({ ...readingCommands, ...changingCommands });
/** Where a command's program is on this machine, or where the lab's own stands. */
const placeOf = ({ program }: Command) => program.find(existsSync) ?? `${place}/${program[0]?.split("/").at(-1)}`;
const installed = [...new Set(commands.filter(([, { root }]) => root).map(([, command]) => placeOf(command)))].filter(
  (path) => existsSync(path),
);

/** sudo is part of lab/install.sh. Everything happens in a mount namespace: the machine's own sudoers stay as they are. */
describe.skipIf(labMissing !== null)(titled("a real sudo with our lines"), () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hs-sudo-"));
    writeFileSync(join(folder, "home-steward"), sudoers("nobody"), { mode: 0o440 });
    const stub = '#!/bin/sh\nid -u\nprintf "%s\\n" "$(basename "$0")" "$@"\n';
    for (const program of ["stub", "zpool", "zfs", "smartctl"])
      writeFileSync(join(folder, program), stub, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As nobody: what each says and its exit code. */
  function run(argvs: readonly (readonly string[])[]): { stdout: string[]; stderr: string; code: number }[] {
    const script = [
      "set -e",
      "mount -t tmpfs -o mode=755 hs-lab /etc/sudoers.d",
      `cp ${folder}/home-steward /etc/sudoers.d/`,
      `mount -t tmpfs -o mode=755 hs-lab ${place}`,
      `cp ${folder}/zpool ${folder}/zfs ${folder}/smartctl ${place}/`,
      // What is there already, the same stub takes the place of.
      ...installed.map((path) => `mount --bind ${folder}/stub ${path}`),
      "set +e",
      ...argvs.map(
        (argv) =>
          `setpriv --reuid=nobody --regid=nogroup --clear-groups ${quote(["sudo", "-n", "--", ...argv])} 2>&1; printf '\\0%s\\0' $?`,
      ),
    ].join("\n");
    const { stdout, stderr, status } = spawnSync("unshare", ["--mount", "/bin/sh", "-c", script], {
      encoding: "utf8",
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
    });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    const parts = stdout.split("\0");
    return argvs.map((_, n) => {
      const said = parts[2 * n] ?? "";
      return { stdout: said.split("\n").slice(0, -1), stderr: said, code: Number(parts[2 * n + 1]) };
    });
  }

  /** sudo goes by the file: where /bin is /usr/bin it takes the line of either. */
  const named = ([path = "", ...words]: readonly string[]) => [path.split("/").at(-1), ...words];

  it("runs every command of the table that needs root, as root", () => {
    const argvs = commands
      .filter(([, { root }]) => root)
      .map(([, command]) => [placeOf(command), ...wordsOf(command, samples)]);
    expect(argvs.length).toBeGreaterThan(15);
    const answers = run(argvs);
    answers.forEach((answer, n) => {
      expect({ code: answer.code, said: answer.stdout }).toEqual({ code: 0, said: ["0", ...named(argvs[n] ?? [])] });
    });
  });

  it("asks for a password for all else", () => {
    const argvs = [
      [`${place}/zpool`, "destroy", "tank"],
      [`${place}/zpool`, "scrub", "--", "tank", "tank2"],
      [`${place}/zpool`, "scrub", "-w", "--", "tank"],
      [`${place}/zfs`, "destroy", "-r", "--", "tank/a@b"],
      [`${place}/zfs`, "destroy", "--", "tank"],
      [`${place}/zfs`, "destroy", "--", "tank/a@b,c"],
      [`${place}/zfs`, "destroy", "--", "tank/my films@b"],
      [`${place}/zfs`, "set", "mountpoint=/etc", "tank"],
      [`${place}/smartctl`, "-n", "standby", "-x", "-j", "-d", "auto", "--", "/dev/../etc/shadow"],
      [`${place}/smartctl`, "-s", "off", "/dev/sda"],
      ["/bin/sh"],
    ];
    const answers = run(argvs);
    answers.forEach((answer, n) => {
      expect({ argv: argvs[n], code: answer.code, said: answer.stdout }).toEqual({
        argv: argvs[n],
        code: 1,
        said: ["sudo: a password is required"],
      });
    });
  });
});
