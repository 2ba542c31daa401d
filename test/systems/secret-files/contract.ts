import { expect, it } from "vitest";
import type { SecretFileChanges, SecretFiles } from "../../../src/systems/secret-files/index.ts";

/** A machine whose folder for secrets is not there yet. */
export interface Machine {
  files: SecretFiles;
  changes: SecretFileChanges;
}

/** What holds of secrets' files on any machine. `open` gives a fresh one for each test. */
export function secretFilesContract(open: () => Machine): void {
  const at = ({ files }: Machine, name = "db.POSTGRES_PASSWORD") => `${files.folder}/${name}`;
  const owners = { uid: 999, root_group: false };

  it("are not there, written, told of without what they hold, and removed", async () => {
    const machine = open();
    const { files, changes } = machine;
    const file = at(machine);
    expect(await files.look(file)).toEqual({ is: "missing" });
    await changes.write(file, owners, "s3cret");
    expect(await files.look(file)).toEqual({ is: "there", uid: 999, root_group: false });
    expect(await files.look(at(machine, "db.OTHER"))).toEqual({ is: "missing" });
    expect(await changes.read(file)).toBe("s3cret");
    await changes.remove(file, "s3cret");
    expect(await files.look(file)).toEqual({ is: "missing" });
    await changes.remove(file, "s3cret");
  });

  it("are removed where there is no folder yet, too", async () => {
    const machine = open();
    await machine.changes.remove(at(machine), "s3cret");
    expect(await machine.files.look(at(machine))).toEqual({ is: "missing" });
  });

  it("are for root's group, too, where that is asked for", async () => {
    const machine = open();
    await machine.changes.write(at(machine), { uid: 33, root_group: true }, "s3cret");
    expect(await machine.files.look(at(machine))).toEqual({ is: "there", uid: 33, root_group: true });
  });

  it.each(["", "two\nlines\n", "ünï \u{1f600} 'quoted' $x \\", "x".repeat(100_000)])(
    "hold %j byte for byte",
    async (value) => {
      const machine = open();
      await machine.changes.write(at(machine), owners, value);
      expect(await machine.changes.read(at(machine))).toBe(value);
    },
  );

  it("are never written over", async () => {
    const machine = open();
    await machine.changes.write(at(machine), owners, "first");
    await expect(machine.changes.write(at(machine), owners, "second")).rejects.toMatchObject({ code: "conflict" });
    expect(await machine.changes.read(at(machine))).toBe("first");
  });

  it("are left where they hold another value", async () => {
    const machine = open();
    await machine.changes.write(at(machine), owners, "theirs");
    await expect(machine.changes.remove(at(machine), "ours")).rejects.toMatchObject({ code: "conflict" });
    expect(await machine.changes.read(at(machine))).toBe("theirs");
  });

  it("that are not there can't be read", async () => {
    const machine = open();
    await expect(machine.changes.read(at(machine))).rejects.toMatchObject({ code: "not_found" });
    await machine.changes.write(at(machine), owners, "x");
    await expect(machine.changes.read(at(machine, "db.OTHER"))).rejects.toMatchObject({ code: "not_found" });
  });

  it.each([
    "/etc/shadow",
    "/mnt/tank/home-steward-secrets",
    "deeper/file",
    "../file",
    "..",
    ".hidden",
    "it's",
    "a\nb",
    "",
  ])("are in no other place: %j", async (name) => {
    const machine = open();
    const file = name.startsWith("/") ? name : at(machine, name);
    await expect(machine.files.look(file)).rejects.toMatchObject({ code: "bad_input" });
    await expect(machine.changes.write(file, owners, "x")).rejects.toMatchObject({ code: "bad_input" });
    await expect(machine.changes.read(file)).rejects.toMatchObject({ code: "bad_input" });
    await expect(machine.changes.remove(file, "x")).rejects.toMatchObject({ code: "bad_input" });
  });
}
