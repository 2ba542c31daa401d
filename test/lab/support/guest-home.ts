import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { openSteward } from "../../../src/steward.ts";
import type { SshConnection } from "../../../src/systems/ssh.ts";
import { type Home, personAt, stateFolder } from "./home.ts";
import type { ZfsGuest } from "./zfs-guest.ts";

interface GuestHome extends Home {
  /** A resource by its name and the variables of its address. */
  read(resource: string, variables: Readonly<Record<string, string>>): Promise<unknown>;
}

/**
 * A home of one host, "nas", which is the guest: a configuration as an owner writes it, and everything that follows from
 * it put together by the program itself, the gate's ten plans an hour with it. With `login` as somebody else than root; with
 * `more` to say of that host.
 */
export async function openGuestHome(
  { lab, ssh }: ZfsGuest,
  login: Partial<SshConnection> = {},
  more: object = {},
): Promise<GuestHome> {
  const folder = await stateFolder(lab);
  const { host, port, user, key, hostKey } = { ...ssh, ...login };
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, key, { mode: 0o600 });
  const file = join(folder, "config.yaml");
  const section = { host, port, user, key_file: keyFile, host_key: hostKey };
  // YAML reads JSON.
  writeFileSync(
    file,
    JSON.stringify({ hosts: [{ name: "nas", shell: "ssh", ssh: section, ...more }], update: { settle_s: 1 } }),
  );
  const { config } = await loadConfig({ file, env: {}, platform: process.platform });
  const steward = openSteward({
    config,
    folder,
    version: "lab",
    clock: systemClock,
    writeLog: (line) => void process.stderr.write(line),
    pageUrl: async () => null,
    approveCommand: () => "",
  });
  const [rooms, gate] = await Promise.all([steward.house.rooms(), steward.gate()]);
  const context = () => rooms.context({ signal: new AbortController().signal, progress: () => {} });
  const named = <T extends { name: string }>(all: readonly T[], name: string): T => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  };
  const call: Home["call"] = async (tool, args) => (await named(rooms.tools, tool).call(args, context())).structured;
  return {
    gate,
    call,
    ...personAt(gate, call),
    read: (resource, variables) => named(rooms.resources, resource).read(variables, context()),
    close: () => steward.close(),
  };
}
