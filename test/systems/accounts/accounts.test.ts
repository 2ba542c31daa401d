import { describe, expect, it, test } from "vitest";
import { startTrueNasFake } from "../../../src/demo/truenas/index.ts";
import { type Release, releases } from "../../../src/demo/truenas/model.ts";
import {
  accountChangesOverShell,
  accountChangesOverTrueNas,
  accountsOverShell,
  accountsOverTrueNas,
} from "../../../src/systems/accounts/index.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { readingCommands } from "../../../src/systems/shell/table.ts";
import { connectMidclt, connectTrueNas } from "../../../src/systems/truenas/index.ts";
import { playedRunner } from "../../support/played-shell.ts";
import { hastyClock, simulatedMidclt } from "../truenas/rig.ts";
import { contractOf } from "../truenas/schemas.ts";
import { accountsContract } from "./contract.ts";
import { PlayedAccounts } from "./played-accounts.ts";

function played(machine = new PlayedAccounts()) {
  const shells = machine.shells();
  return {
    reading: accountsOverShell(shells),
    changing: accountChangesOverShell(shells),
    async renumber(name: string, id: number) {
      for (const user of machine.users) if (user.name === name) user.uid = id;
    },
    close: async () => {},
  };
}

async function nas(release: Release, way: "socket" | "midclt" = "socket") {
  const fake = await startTrueNasFake({ release });
  const opened =
    way === "socket"
      ? connectTrueNas(fake.connection, { clock: hastyClock })
      : connectMidclt(simulatedMidclt(fake.middleware, fake.exchanges), { clock: hastyClock });
  return {
    fake,
    reading: accountsOverTrueNas(opened.reading),
    changing: accountChangesOverTrueNas(opened),
    async renumber(name: string, id: number) {
      for (const user of fake.nas.users) if (user.name === name) user.uid = id;
    },
    async close() {
      await opened.reading.close();
      await fake.close();
    },
  };
}

accountsContract("groupadd, useradd, userdel and groupdel, played", async () => played());
for (const release of releases) accountsContract(`TrueNAS ${release}, simulated`, () => nas(release));
accountsContract("TrueNAS 24.04, simulated, through midclt", () => nas("24.04", "midclt"));

describe("over a shell", () => {
  it("reads what getent lists", async () => {
    const shell = shellOver(
      playedRunner(([, what]) => ({
        stdout:
          what === "passwd"
            ? "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1001::/home/anna:/bin/sh\n"
            : "sudo:x:27:anna,ben\nanna:x:1001:\n",
      })),
      readingCommands,
    );
    expect(await accountsOverShell({ reading: shell }).read()).toEqual({
      users: [
        { name: "root", uid: 0, gid: 0 },
        { name: "anna", uid: 1000, gid: 1001 },
      ],
      groups: [
        { name: "sudo", gid: 27, members: ["anna", "ben"] },
        { name: "anna", gid: 1001, members: [] },
      ],
    });
  });

  it("says that getent failed", async () => {
    const reading = shellOver(
      playedRunner(() => ({ code: 2 })),
      readingCommands,
    );
    await expect(accountsOverShell({ reading }).read()).rejects.toMatchObject({ code: "wrong_answer" });
  });

  it("makes a user that nobody can log in as", async () => {
    const machine = new PlayedAccounts();
    await played(machine).changing.create({ name: "hs-shop", id: 3141 });
    expect(machine.ran.slice(2)).toEqual([
      "/usr/sbin/groupadd --gid 3141 -- hs-shop",
      "/usr/sbin/useradd --uid 3141 --gid 3141 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin " +
        "--no-log-init --key SUB_UID_COUNT=0 --key SUB_GID_COUNT=0 -- hs-shop",
    ]);
  });

  it("removes the group where userdel leaves it", async () => {
    const machine = new PlayedAccounts();
    machine.usergroups = false;
    const { changing } = played(machine);
    await changing.create({ name: "hs-shop", id: 3141 });
    await changing.remove({ name: "hs-shop", id: 3141 });
    expect(machine.groups.map(({ name }) => name)).toEqual(["root", "sudo", "anna"]);
  });

  it("leaves a user that still runs something, and says so", async () => {
    const machine = new PlayedAccounts();
    const { changing } = played(machine);
    await changing.create({ name: "hs-shop", id: 3141 });
    machine.busy = ["hs-shop"];
    await expect(changing.remove({ name: "hs-shop", id: 3141 })).rejects.toMatchObject({
      code: "conflict",
      message: "A process still runs as that user.",
    });
  });

  it("leaves a group that others joined", async () => {
    const machine = new PlayedAccounts();
    const { changing } = played(machine);
    await changing.create({ name: "hs-shop", id: 3141 });
    for (const group of machine.groups) if (group.name === "hs-shop") group.members = "anna";
    await expect(changing.remove({ name: "hs-shop", id: 3141 })).rejects.toMatchObject({ code: "conflict" });
    expect(machine.users.map(({ name }) => name)).toEqual(["root", "anna", "hs-shop"]);
  });

  it.each(["root", "anna", "hs-", "hs-Shop", "-hs", `hs-${"a".repeat(30)}`])(
    "makes and removes no %j",
    async (name) => {
      const machine = new PlayedAccounts();
      machine.users.push({ name: "hs-Shop", uid: 3141, gid: 3141 });
      await expect(played(machine).changing.create({ name, id: 3200 })).rejects.toMatchObject({
        code: name === "hs-Shop" || name === "root" || name === "anna" ? "conflict" : "bad_input",
      });
      await expect(played(machine).changing.remove({ name: "hs-Shop", id: 3141 })).rejects.toMatchObject({
        code: "bad_input",
      });
    },
  );
});

describe("over TrueNAS", () => {
  it("makes a user without password, home and share", async () => {
    const { fake, changing, close } = await nas("25.10");
    await changing.create({ name: "hs-shop", id: 3141 });
    expect(fake.nas.users.at(-1)).toEqual({
      id: 72,
      uid: 3141,
      name: "hs-shop",
      full_name: "hs-shop",
      group: 76,
      builtin: false,
      password_disabled: true,
      shell: "/usr/sbin/nologin",
      smb: false,
    });
    await close();
  });

  it("never asks for the hashes of passwords", async () => {
    const { fake, reading, close } = await nas("24.10");
    await reading.read();
    expect(JSON.stringify(fake.exchanges)).toContain("truenas_admin");
    expect(JSON.stringify(fake.exchanges)).not.toMatch(/unixhash|smbhash/);
    await close();
  });

  it("removes no built-in account, and no group that is another's first one", async () => {
    const { fake, changing, close } = await nas("25.04");
    await changing.create({ name: "hs-shop", id: 3141 });
    for (const user of fake.nas.users) if (user.name === "apps") user.group = 76;
    await expect(changing.remove({ name: "hs-shop", id: 3141 })).rejects.toMatchObject({ code: "conflict" });
    expect(fake.nas.users.map(({ name }) => name)).toEqual(["root", "apps", "truenas_admin", "hs-shop"]);
    await close();
  });

  test.for(releases)("asks %s only what that release declares", async (release, { skip }) => {
    const misfits = contractOf(release);
    if (misfits === null) return skip("the published contracts are not here");
    const { fake, reading, changing, close } = await nas(release);
    await changing.create({ name: "hs-shop", id: 3141 });
    await reading.read();
    await changing.remove({ name: "hs-shop", id: 3141 });
    const whole = ["user.query", "group.query"].map((method) => {
      const visitor = { loggedIn: true, failedBefore: false };
      return { method, params: [], answer: { value: fake.middleware.call(visitor, method, []) } };
    });
    const sent = fake.exchanges.filter(({ answer }) => answer !== null);
    expect(new Set(sent.map(({ method }) => method))).toContain("user.delete");
    expect([...sent, ...whole].flatMap(misfits)).toEqual([]);
    await close();
  });
});
