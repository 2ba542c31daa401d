import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load.ts";
import { openRooms } from "../../../src/rooms.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import type { SshConnection } from "../../../src/systems/ssh.ts";
import { type Home, personAt, stateFolder } from "./home.ts";
import type { ZfsGuest } from "./zfs-guest.ts";

interface GuestHome extends Home {
  /** A resource by its name and the variables of its address. */
  read(resource: string, variables: Readonly<Record<string, string>>): Promise<unknown>;
}

/**
 * A home of one host, "nas", which is the guest: a configuration as an owner writes it, and everything that follows from
 * it put together by the program itself. With `login` as somebody else than root.
 */
export async function openGuestHome({ lab, ssh }: ZfsGuest, login: Partial<SshConnection> = {}): Promise<GuestHome> {
  const folder = await stateFolder(lab);
  const { host, port, user, key, hostKey } = { ...ssh, ...login };
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, key, { mode: 0o600 });
  const file = join(folder, "config.yaml");
  const section = { host, port, user, key_file: keyFile, host_key: hostKey };
  // YAML reads JSON.
  writeFileSync(file, JSON.stringify({ hosts: [{ name: "nas", shell: "ssh", ssh: section }] }));
  const { config } = await loadConfig({ file, env: {}, platform: process.platform });
  const rooms = openRooms({
    config,
    folder,
    clock: systemClock,
    pageUrl: async () => null,
    approveCommand: () => "",
    words: (text) => text,
    logError: (message, error) => process.stderr.write(`${message}: ${error}\n`),
    gateUsed: () => {},
  });
  const context = () => rooms.context({ signal: new AbortController().signal, progress: () => {} });
  const named = <T extends { name: string }>(all: readonly T[], name: string): T => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  };
  const call: Home["call"] = async (tool, args) => (await named(rooms.tools, tool).call(args, context())).structured;
  return {
    gate: rooms.gate,
    call,
    ...personAt(rooms.gate, call),
    read: (resource, variables) => named(rooms.resources, resource).read(variables, context()),
    close: () => rooms.close(),
  };
}
