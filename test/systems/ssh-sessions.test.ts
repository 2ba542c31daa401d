import type { ClientChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { sshLink } from "../../src/systems/ssh.ts";
import { sshSessions } from "../../src/systems/ssh-sessions.ts";
import { startSshServer } from "../support/ssh-server.ts";

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/**
 * An sshd that opens a session where `room` says so: of those it has open, and of how many it refused before. Its
 * commands end at once, but those named "wait" only at `end`.
 */
async function sshd(room: (open: number, refused: number) => boolean) {
  const seen = { begun: 0, refused: 0, most: 0 };
  let open = 0;
  const waiting: (() => void)[] = [];
  const server = await startSshServer((client) => {
    client.on("session", (accept, refuse) => {
      if (!room(open, seen.refused)) {
        seen.refused += 1;
        return refuse();
      }
      open += 1;
      seen.most = Math.max(seen.most, open);
      accept().on("exec", (take, _, { command }) => {
        seen.begun += 1;
        const channel = take().resume();
        const end = () => {
          channel.exit(0);
          channel.end(command);
        };
        channel.once("close", () => {
          open -= 1;
        });
        if (command === "wait") waiting.push(end);
        else end();
      });
    });
  });
  const link = sshLink(server.ssh, 5_000);
  closing.push(server.close, () => link.close());
  const sessions = sshSessions(link, 5_000);
  const exec = async (line: string, signal?: AbortSignal) => {
    const read = (channel: ClientChannel) => {
      channel.stderr.resume();
      return channel.toArray();
    };
    const said = await sessions.exec(line, read, signal);
    return Buffer.concat(await said).toString();
  };
  return { exec, seen, end: () => waiting.shift()?.() };
}

describe("sessions over one ssh connection", () => {
  it("wait for each other where sshd has room for one only (MaxSessions 1)", async () => {
    const { exec, seen } = await sshd((open) => open < 1);
    const lines = Array.from({ length: 12 }, (_, n) => `command ${n}`);
    expect(await Promise.all(lines.map((line) => exec(line)))).toEqual(lines);
    expect(seen).toMatchObject({ begun: 12, most: 1 });
    expect(seen.refused).toBeGreaterThan(0);
  });

  it("are asked for again where sshd still counts some that have ended", async () => {
    const { exec, seen } = await sshd((_, refused) => refused >= 3);
    expect(await exec("at last")).toBe("at last");
    expect(seen).toEqual({ begun: 1, refused: 3, most: 1 });
  });

  it("are asked for again beside a long one that does not end", async () => {
    const { exec, seen, end } = await sshd((open, refused) => open === 0 || refused > 0);
    const long = exec("wait");
    await expect.poll(() => seen.begun).toBe(1);
    expect(await exec("short")).toBe("short");
    end();
    expect(await long).toBe("wait");
    expect(seen).toEqual({ begun: 2, refused: 1, most: 2 });
  });

  it("are an error with advice where sshd never opens one (MaxSessions 0)", async () => {
    const { exec, seen } = await sshd(() => false);
    await expect(exec("never")).rejects.toMatchObject({
      code: "refused",
      message: "The sshd of that machine opens no session for us.",
      fix: "Raise MaxSessions in its sshd_config: 10 is usual, 0 lets no login run anything.",
    });
    expect(seen).toEqual({ begun: 0, refused: 7, most: 0 });
  });

  it("are no longer asked for once the caller is gone", async () => {
    const { exec, seen, end } = await sshd((open) => open < 1);
    const long = exec("wait");
    await expect.poll(() => seen.begun).toBe(1);
    const stop = new AbortController();
    const refused = exec("never", stop.signal);
    await expect.poll(() => seen.refused).toBe(1);
    stop.abort(new Error("enough"));
    await expect(refused).rejects.toThrow("enough");
    end();
    expect(await long).toBe("wait");
    expect(await exec("next")).toBe("next");
    expect(seen.begun).toBe(2);
  });
});
