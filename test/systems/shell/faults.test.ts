import { afterEach, describe, expect, it } from "vitest";
import { sshRunner } from "../../../src/systems/shell/over-ssh.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";
import { type SshServer, startSshServer } from "../../support/ssh-server.ts";
import { startExecServer } from "./ssh-server.ts";

const scrub = (played: Played, asked: (argv: readonly string[]) => void = () => {}) => {
  const runner = playedRunner((argv) => {
    asked(argv);
    return played;
  }, false);
  return shellOver(runner, changingCommands).run("zpoolScrub", { pool: "tank" });
};

describe("a command that needs root", () => {
  it("goes through sudo without a password, by its absolute path", async () => {
    const asked: (readonly string[])[] = [];
    await scrub({}, (argv) => asked.push(argv));
    expect(asked).toEqual([["sudo", "-n", "--", "/usr/sbin/zpool", "scrub", "--", "tank"]]);
  });

  it("needs no sudo as root", async () => {
    const asked: (readonly string[])[] = [];
    const runner = playedRunner((argv) => {
      asked.push(argv);
      return {};
    });
    await shellOver(runner, changingCommands).run("zfsHold", { tag: "steward", snapshot: "tank/a@b" });
    expect(asked).toEqual([["/usr/sbin/zfs", "hold", "--", "steward", "tank/a@b"]]);
  });

  // sudo 1.8 and 1.9, with LC_ALL=C.
  it.each([
    "sudo: a password is required\n",
    "sudo: sorry, a password is required to run sudo\n",
    "sudo: sorry, you must have a tty to run sudo\n",
    "Sorry, user steward is not allowed to execute '/usr/sbin/zpool scrub -- tank' as root on nas.\n",
  ])("is refused with what to do where sudo says %j", async (stderr) => {
    await expect(scrub({ stderr, code: 1 })).rejects.toMatchObject({
      code: "refused",
      message: "sudo on a played machine asks for a password before it runs zpool, and Home Steward has none to give.",
      fix: expect.stringContaining("home-steward setup --print-sudoers"),
    });
  });

  it("is refused where there is no sudo", async () => {
    await expect(scrub({ stderr: "env: 'sudo': No such file or directory\n", code: 127 })).rejects.toMatchObject({
      code: "refused",
      message: "zpool needs root on a played machine, and there is no sudo.",
    });
  });

  it("is unsupported where sudo finds no such program anywhere", async () => {
    const places: string[] = [];
    const stderr = "sudo: /usr/sbin/zpool: command not found\n";
    await expect(scrub({ stderr, code: 1 }, (argv) => places.push(argv[3] ?? ""))).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(places).toEqual(["/usr/sbin/zpool", "/sbin/zpool", "/usr/local/sbin/zpool"]);
  });

  it("may fail by itself: that is its answer", async () => {
    const said = { stderr: "cannot scrub tank: currently resilvering\n", code: 1 };
    expect(await scrub(said)).toEqual({ stdout: "", ...said });
  });
});

describe("a forced command that does not know a command", () => {
  it("is to be installed anew", async () => {
    const runner = playedRunner(() => ({ stderr: "home-steward forced command: refused\n", code: 126 }));
    await expect(shellOver(runner, readingCommands).run("zpoolList", {})).rejects.toMatchObject({
      code: "refused",
      fix: expect.stringContaining("--print-forced-command"),
    });
  });
});

describe("a reading shell", () => {
  it("knows no command that changes something, whatever its types are told", async () => {
    const reading = shellOver(
      playedRunner(() => ({})),
      readingCommands,
    );
    const untyped: { run(name: string, slots: object): Promise<unknown> } = reading;
    await expect(untyped.run("zpoolScrub", { pool: "tank" })).rejects.toThrow("zpoolScrub is not in this table");
    await expect(untyped.run("toString", {})).rejects.toThrow("toString is not in this table");
  });
});

describe.skipIf(process.platform === "win32")("over ssh (needs a POSIX sh)", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
  });
  const sleep = { program: ["/bin/sleep"], words: ["600"], root: false, timeout_ms: 20_000, max_bytes: 1000 };
  const echo = { ...sleep, program: ["/bin/echo"], words: ["yes"] };
  const talk = { ...sleep, program: ["/bin/sh"], words: ["-c", "echo begun; exec sleep 600"] };

  async function rig(): Promise<{
    server: SshServer;
    shell: ReturnType<typeof shellOver<{ sleep: typeof sleep; echo: typeof echo; talk: typeof talk }>>;
  }> {
    const server = await startExecServer();
    const runner = sshRunner(server.ssh);
    open.push(server, runner);
    return { server, shell: shellOver(runner, { sleep, echo, talk }) };
  }

  it("shares one login", async () => {
    const { server, shell } = await rig();
    await Promise.all(Array.from({ length: 20 }, () => shell.run("echo", {})));
    expect(server.logins()).toBe(1);
  });

  it("says that the connection was lost, and connects anew", async () => {
    const { server, shell } = await rig();
    await shell.run("echo", {});
    const talking = shell.lines("talk", {})[Symbol.asyncIterator]();
    const begun = talking.next();
    const waiting = Promise.all(Array.from({ length: 9 }, () => shell.run("sleep", {})));
    const settled = Promise.allSettled([waiting]);
    expect(await begun).toEqual({ done: false, value: "begun" });
    server.cut();
    await expect(talking.next()).rejects.toMatchObject({ code: "unreachable" });
    expect((await shell.run("echo", {})).stdout).toBe("yes\n");
    expect(server.logins()).toBeGreaterThan(1);
    await server.close();
    await settled;
  });

  it("does not let one that is stopped while it waits take a turn", async () => {
    const { shell } = await rig();
    const stop = new AbortController();
    const sleeping = Array.from({ length: 8 }, () => shell.run("sleep", {}, { signal: stop.signal }));
    const all = Promise.allSettled(sleeping);
    const impatient = shell.run("echo", {}, { timeoutMs: 300 });
    await expect(impatient).rejects.toMatchObject({ code: "timeout" });
    const patient = shell.run("echo", {});
    stop.abort(new Error("enough"));
    expect((await patient).stdout).toBe("yes\n");
    expect((await all).every(({ status }) => status === "rejected")).toBe(true);
  });

  it("gives back the turns of those that are stopped while sshd begins them", async () => {
    const begin: (() => void)[] = [];
    const server = await startSshServer((client) => {
      client.on("session", (accept) => {
        accept().on("exec", (take, _, { command }) => {
          if (command.includes("sleep")) return void begin.push(() => take().resume());
          const channel = take();
          channel.exit(0);
          channel.end("yes\n");
        });
      });
    });
    const runner = sshRunner(server.ssh);
    open.push(server, runner);
    const shell = shellOver(runner, { sleep, echo });
    const stop = new AbortController();
    const all = Promise.allSettled(Array.from({ length: 8 }, () => shell.run("sleep", {}, { signal: stop.signal })));
    await expect.poll(() => begin.length).toBe(8);
    stop.abort(new Error("enough"));
    expect((await all).every(({ status }) => status === "rejected")).toBe(true);
    for (const late of begin) late();
    expect((await shell.run("echo", {})).stdout).toBe("yes\n");
  });

  it("tells a connection lost before the command began from a login that may run nothing", async () => {
    const each = { cut: "unreachable", refuse: "refused" } as const;
    for (const [way, code] of Object.entries(each)) {
      const server = await startSshServer((client) => {
        client.on("session", (accept) => {
          accept().on("exec", (_, refuse) => (way === "cut" ? server.cut() : refuse()));
        });
      });
      const runner = sshRunner(server.ssh);
      open.push(server, runner);
      await expect(shellOver(runner, { echo }).run("echo", {})).rejects.toMatchObject({ code });
    }
  });

  it("refuses another host key than the pinned one before it says who it is", async () => {
    const { server } = await rig();
    const runner = sshRunner({ ...server.ssh, hostKey: `SHA256:${"A".repeat(43)}` });
    open.push(runner);
    await expect(shellOver(runner, { echo }).run("echo", {})).rejects.toMatchObject({ code: "refused" });
    expect(server.logins()).toBe(0);
  });
});
