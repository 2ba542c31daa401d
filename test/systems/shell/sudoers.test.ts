import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { sudoers } from "../../../src/systems/shell/sudoers.ts";

/** The words of a line as sudo compares them: all arguments in one, joined by spaces. */
function allowed(program: string, ...args: string[]): boolean {
  return sudoers("steward")
    .split("\n")
    .map((line) => /^ {4}(\S+) (\^.*\$)(?:, \\)?$/.exec(line))
    .some((found) => found?.[1] === program && new RegExp(found[2] ?? "x^").test(args.join(" ")));
}

const ioMax = `/sys/fs/cgroup/docker/${"0f".repeat(32)}/io.max`;

const adding = [
  ...["--uid", "3000", "--gid", "3000", "--no-create-home", "--home-dir", "/nonexistent", "--shell"],
  ...["/usr/sbin/nologin", "--no-log-init", "--key", "SUB_UID_COUNT=0", "--key", "SUB_GID_COUNT=0"],
];
const walking = ["-xdev", "-printf", "%y%m %U %G %D %i %n ", "-print0"];

describe("the lines for sudo", () => {
  it("are for one user, as root, without a password", () => {
    const lines = sudoers("steward").split("\n");
    expect(lines.slice(0, 5)).toEqual([
      "# What Home Steward runs as root on this machine. Install it with: visudo -f /etc/sudoers.d/home-steward",
      "# Each line is a program, and a regular expression for all of its arguments (sudo 1.9.10 or newer).",
      "Cmnd_Alias HOME_STEWARD = \\",
      "    /usr/sbin/smartctl ^--scan -j$, \\",
      "    /usr/local/sbin/smartctl ^--scan -j$, \\",
    ]);
    expect(lines.slice(-2)).toEqual(["steward ALL = (root) NOPASSWD: HOME_STEWARD", ""]);
  });

  it("hold no wildcard, and nothing that needs no root", () => {
    for (const line of sudoers("steward").split("\n").slice(3, -2)) expect(line).toMatch(/^ {4}\/\S+ \^.*\$(, \\)?$/);
    expect(sudoers("steward")).not.toMatch(/midclt|lsblk|%P|findmnt|zfs version|\.\*/);
  });

  it.each([
    [true, ["/usr/sbin/zpool", "scrub", "--", "tank"]],
    [false, ["/usr/sbin/zpool", "scrub", "--", "tank", "tank2"]],
    [false, ["/usr/sbin/zpool", "scrub", "-w", "--", "tank"]],
    [false, ["/usr/sbin/zpool", "destroy", "--", "tank"]],
    [true, ["/usr/sbin/zfs", "destroy", "--", "tank/a@b"]],
    [false, ["/usr/sbin/zfs", "destroy", "-r", "--", "tank/a@b"]],
    [false, ["/usr/sbin/zfs", "destroy", "--", "tank/a@b,c"]],
    [false, ["/usr/sbin/zfs", "destroy", "--", "tank/a@b%c"]],
    [false, ["/usr/sbin/zfs", "destroy", "--", "tank"]],
    [true, ["/usr/sbin/smartctl", "-n", "standby", "-x", "-j", "-d", "sat", "--", "/dev/sda"]],
    [false, ["/usr/sbin/smartctl", "-n", "standby", "-x", "-j", "-d", "sat", "--", "/etc/shadow"]],
    [true, ["/usr/bin/find", "-P", "--", "/mnt/tank/apps", ...walking]],
    [true, ["/usr/bin/find", "-P", "--", "/mnt", ...walking]],
    [false, ["/usr/bin/find", "-P", "--", "/mnt2", ...walking]],
    [false, ["/usr/bin/find", "-P", "--", "/mnt/../etc", ...walking]],
    [false, ["/usr/bin/find", "-P", "--", "/etc", ...walking]],
    [false, ["/usr/bin/find", "-P", "--", "/mnt", "/etc", ...walking]],
    [false, ["/usr/bin/find", "-P", "--", "/mnt", ...walking, "-delete"]],
    [false, ["/usr/sbin/smartctl", "-s", "off", "/dev/sda"]],
    [true, ["/usr/bin/find", "/", "-maxdepth", "0", "-fprintf", ioMax, "8:16 rbps=1000 wbps=max"]],
    [false, ["/usr/bin/find", "/", "-maxdepth", "0", "-fprintf", "/etc/shadow", "8:16 rbps=1000 wbps=max"]],
    [false, ["/usr/bin/find", "/", "-maxdepth", "0", "-fprintf", ioMax, "8:16 rbps=1000 wbps=max", "-delete"]],
    [false, ["/usr/bin/find", "/", "-delete"]],
    [true, ["/usr/sbin/groupadd", "--gid", "3000", "--", "hs-sonarr"]],
    [false, ["/usr/sbin/groupadd", "--gid", "27", "--", "hs-sonarr"]],
    [false, ["/usr/sbin/groupadd", "--gid", "3000", "--", "sudo"]],
    [true, ["/usr/sbin/useradd", ...adding, "--", "hs-sonarr"]],
    [false, ["/usr/sbin/useradd", ...adding, "--groups", "sudo", "--", "hs-sonarr"]],
    [false, ["/usr/sbin/useradd", "--uid", "0", ...adding.slice(2), "--", "hs-sonarr"]],
    [true, ["/usr/sbin/userdel", "--", "hs-sonarr"]],
    [false, ["/usr/sbin/userdel", "--", "root"]],
    [false, ["/usr/sbin/userdel", "--remove", "--", "hs-sonarr"]],
    [false, ["/usr/sbin/groupdel", "--", "docker"]],
    // Said in docs/decisions: with spaces in them, two names look like one.
    [false, ["/usr/sbin/zfs", "destroy", "--", "tank/my films@b"]],
  ])("allow: %s %j", (expected, [program = "", ...args]) => {
    expect(allowed(program, ...args)).toBe(expected);
  });

  it("keep to the roots that are configured", () => {
    const lines = sudoers("steward", ["/srv/data", "/tank"]);
    expect(lines).toContain("/usr/bin/find ^-P -- ((/srv/data|/tank)(/");
    expect(lines).not.toContain("/mnt");
    for (const root of ["/", "srv", "/srv/..", "/srv,/etc", "/srv NOPASSWD: ALL\n"])
      expect(() => sudoers("steward", [root])).toThrow("no plain absolute path");
  });

  it.each(["", "root ALL", "a\nb", "%wheel", "ALL", "a,b", "#0", "-x"])("are for no user called %j", (user) => {
    expect(() => sudoers(user)).toThrow("is not the name of a user");
  });

  const visudo = spawnSync("/usr/sbin/visudo", ["--version"]).error === undefined;
  it.skipIf(!visudo)(`are accepted by visudo${visudo ? "" : " (skipped: there is no visudo)"}`, () => {
    const { status, stdout, stderr } = spawnSync("/usr/sbin/visudo", ["-c", "-f", "-"], {
      input: sudoers("steward"),
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe("stdin: parsed OK\n");
  });
});
