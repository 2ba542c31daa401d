import { chmodSync, linkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fleet } from "../../../src/systems/fleet.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";
import { run } from "../support/publish.ts";
import { type Inhabited, inhabited, missing } from "./inhabited.ts";

describe.skipIf(missing !== null)(
  `folders of a container that gets a user of its own${missing === null ? "" : ` [skipped: ${missing}]`}`,
  () => {
    let home: GatedHouse;
    let machine: Inhabited;
    let films: string;
    beforeEach(async () => {
      home = await openGatedHouse();
      machine = inhabited(home);
      films = machine.folder("films", 0);
    });
    afterEach(async () => {
      machine.leave();
      await home.close();
    });
    const plan = (...findings: string[]) => home.plan("fix_permissions", { findings });
    const steps = async (...findings: string[]) =>
      (await plan(...findings)).steps.filter((words) => /^(Make the user|Change owner)/.test(words));
    const mounting = (name: string, ...Binds: string[]) => run(home.fake, name, { HostConfig: { Binds } });
    const account = (name: string, id: number) =>
      `Make the user ${name} (${id}), as which nobody can log in, and its group`;

    test("stay as they are where others write to them too, and it is said what the new user can't use", async () => {
      mounting("radarr", `${films}:/films`);
      mounting("sonarr", `${films}:/films`, `${machine.folder("config", 0)}:/config`);
      const asked = await plan("sonarr/root_user");
      expect(asked.steps.filter((words) => words.startsWith("Change owner"))).toEqual([
        `Change owner or mode of exactly 3 listed entries of ${machine.root}/config, but for a few that go as their container stops, or of none`,
      ]);
      expect(asked.warnings).toContain(
        `Not for the new user of sonarr, which could use them so far: 3 entries of ${films}.`,
      );
      await home.approveAndApply(asked.plan_id, "sonarr");
      expect([machine.owners("films"), machine.owners("config")]).toEqual([
        ["0:0", "0:0", "0:0"],
        ["3000:3000", "3000:3000", "3000:3000"],
      ]);
    });

    test("change hands where others only read them; what these lose is said", async () => {
      chmodSync(join(films, "one"), 0o640);
      run(home.fake, "plex", { User: "4000:0", HostConfig: { Binds: [`${films}:/films:ro`] } });
      mounting("sonarr", `${films}:/films`);
      const asked = await plan("sonarr/root_user");
      expect(asked.steps).toContain(
        `Change owner or mode of exactly 3 listed entries of ${films}, but for a few that go as their container stops, or of none`,
      );
      expect(asked.warnings).toContain("plex could use 1 of these entries so far, and can't any more.");
    });

    test("stay as they are where it may only read them: no warning where it still can", async () => {
      mounting("plex", `${films}:/films:ro`);
      const asked = await plan("plex/root_user");
      expect(asked.steps.filter((words) => words.startsWith("Change owner"))).toEqual([]);
      expect(asked.warnings.join()).not.toContain("new user");
      chmodSync(join(films, "one"), 0o600);
      expect((await plan("plex/root_user")).warnings).toContain(
        `Not for the new user of plex, which could use them so far: 1 entry of ${films}.`,
      );
    });

    test("keep files that have a second name, perhaps outside of it", async () => {
      linkSync(join(films, "one"), join(machine.root, "second"));
      mounting("sonarr", `${films}:/films`);
      const asked = await plan("sonarr/root_user");
      expect(asked.steps).toContain(
        `Change owner or mode of exactly 2 listed entries of ${films}, but for a few that go as their container stops, or of none`,
      );
      expect(asked.warnings).toContain(
        `1 files of ${films} have further names, perhaps outside of it, and are left as they are.`,
      );
      expect(asked.warnings).toContain(
        `Not for the new user of sonarr, which could use them so far: 1 entry of ${films}.`,
      );
    });

    test("hand over what any of its processes wrote, and leave what is somebody else's", async () => {
      mounting("app", `${machine.folder("data", 33)}:/data`, `${machine.folder("theirs", 1000)}:/theirs`);
      const { docker } = home.systems;
      const processes = async () => [0, 33].map((uid) => ({ pid: 1, uid }));
      home.systems.docker = fleet("docker", ["nas"], () => ({ ...docker.one("nas").system, processes }));
      expect(await steps("app/root_user")).toEqual([
        account("hs-app", 3000),
        `Change owner or mode of exactly 3 listed entries of ${machine.root}/data, but for a few that go as their container stops, or of none`,
      ]);
    });

    test("need no new account where it has one of its own already", async () => {
      machine.accounts.users.push({ name: "sonarr", uid: 1234, gid: 100 });
      mounting("sonarr", `${films}:/films`);
      const asked = await plan("sonarr/root_user");
      expect(asked.changes.slice(0, 2)).toEqual([
        'sonarr: + user: "1234:100"',
        "sonarr runs as sonarr (1234), which is there already",
      ]);
      await home.approveAndApply(asked.plan_id, "sonarr");
      expect([machine.owners("films")[0], machine.accounts.users.length]).toEqual(["1234:100", 3]);
    });

    test("of a person change hands with a warning, and those of root without", async () => {
      const mine = "Entries of anna go to hs-sonarr: who reaches them as that by a share or a login may not any more.";
      run(home.fake, "sonarr", {
        User: "1000:1000",
        HostConfig: { Binds: [`${machine.folder("photos", 1000)}:/photos`] },
      });
      expect((await plan("sonarr/shared_user")).warnings).toContain(mine);
      mounting("radarr", `${films}:/films`);
      expect((await plan("radarr/root_user")).warnings.join()).not.toContain("Entries of");
    });

    test("that nobody can hand over leave the container as it is, with the reason", async () => {
      mounting("db", "/var/lib/elsewhere:/data");
      await expect(plan("db/root_user")).rejects.toThrow(
        "Not in this plan: a user of its own for db, because its folder /var/lib/elsewhere can't be handed over: " +
          "it is outside of the host's roots in the configuration, or its name holds characters that no command takes.",
      );
      mounting("sonarr", `${films}:/films`);
      const { files, accounts } = home.systems;
      home.systems.files = fleet("shell", [], () => files.one("nas").system);
      await expect(plan("sonarr/root_user")).rejects.toThrow("its folders can't be handed over: add shell to the host");
      home.systems.accounts = fleet("shell", [], () => accounts.one("nas").system);
      await expect(plan("sonarr/root_user")).rejects.toThrow("the accounts of its machine are not known");
    });
  },
);
