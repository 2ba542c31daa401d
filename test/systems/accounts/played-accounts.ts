import { basename } from "node:path/posix";
import type { Shells } from "../../../src/systems/shell/port.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";

/** A machine's passwd and group files, with the four programs that change them as shadow 4.13 has them. */
export class PlayedAccounts {
  users = [
    { name: "root", uid: 0, gid: 0 },
    { name: "anna", uid: 1000, gid: 1001 },
  ];
  groups = [
    { name: "root", gid: 0, members: "" },
    { name: "sudo", gid: 27, members: "anna" },
    { name: "anna", gid: 1001, members: "" },
  ];
  /** Whether userdel takes a user's own group along (login.defs). */
  usergroups = true;
  /** Users with a process. */
  busy: string[] = [];
  ran: string[] = [];

  shells(): Pick<Shells, "reading" | "changing"> {
    const runner = playedRunner((argv) => {
      this.ran.push(argv.join(" "));
      return this.#run(argv);
    });
    return { reading: shellOver(runner, readingCommands), changing: shellOver(runner, changingCommands) };
  }

  #run(argv: readonly string[]): Played {
    const name = argv.at(-1) ?? "";
    const number = Number(argv[2]);
    switch (basename(argv[0] ?? "")) {
      case "getent":
        return { stdout: argv[1] === "passwd" ? this.#passwd() : this.#group() };
      case "groupadd":
        if (this.groups.some((one) => one.name === name)) return { code: 9 };
        if (this.groups.some((one) => one.gid === number)) return { code: 4 };
        this.groups.push({ name, gid: number, members: "" });
        return {};
      case "useradd":
        if (this.users.some((one) => one.name === name)) return { code: 9 };
        if (this.users.some((one) => one.uid === number)) return { code: 4 };
        this.users.push({ name, uid: number, gid: number });
        return {};
      case "userdel":
        if (!this.users.some((one) => one.name === name)) return { code: 6 };
        if (this.busy.includes(name))
          return { code: 8, stderr: `userdel: user ${name} is currently used by process 4711` };
        this.users = this.users.filter((one) => one.name !== name);
        if (this.usergroups) this.groups = this.groups.filter((one) => one.name !== name);
        return {};
      case "groupdel":
        if (!this.groups.some((one) => one.name === name)) return { code: 6 };
        this.groups = this.groups.filter((one) => one.name !== name);
        return {};
      default:
        return { code: 127 };
    }
  }

  #passwd = () => this.users.map(({ name, uid, gid }) => `${name}:x:${uid}:${gid}::/nonexistent:/bin/sh\n`).join("");
  #group = () => this.groups.map(({ name, gid, members }) => `${name}:x:${gid}:${members}\n`).join("");
}
