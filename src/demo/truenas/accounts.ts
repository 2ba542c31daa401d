import { atLeast, type Entry, type Nas, type NasGroup, type NasUser, Refusal, type Value } from "./model.ts";
import { queried } from "./query.ts";
import { entry, type Method, notFound } from "./read.ts";

/** The accounts that every TrueNAS has, as far as anybody here asks for them. */
export function furnishAccounts(): Pick<Nas, "users" | "groups"> {
  const group = (id: number, gid: number, name: string): NasGroup => ({ id, gid, name, builtin: true, members: [] });
  const user = (id: number, uid: number, name: string, of: number): NasUser => ({
    id,
    uid,
    name,
    full_name: name,
    group: of,
    builtin: true,
    password_disabled: true,
    shell: "/usr/sbin/nologin",
    smb: false,
  });
  return {
    users: [user(1, 0, "root", 1), user(41, 568, "apps", 53), user(71, 950, "truenas_admin", 72)],
    groups: [
      group(1, 0, "root"),
      { ...group(43, 544, "builtin_administrators"), members: [71] },
      group(53, 568, "apps"),
      group(72, 950, "truenas_admin"),
      group(75, 999, "docker"),
    ],
  };
}

function userEntry({ release, groups }: Nas, user: NasUser): Entry {
  const group = groups.find(({ id }) => id === user.group);
  return {
    id: user.id,
    uid: user.uid,
    username: user.name,
    unixhash: "*",
    smbhash: "*",
    home: "/var/empty",
    shell: user.shell,
    full_name: user.full_name,
    builtin: user.builtin,
    smb: user.smb,
    group: {
      id: user.group,
      bsdgrp_gid: group?.gid ?? 0,
      bsdgrp_group: group?.name ?? "",
      bsdgrp_builtin: user.builtin,
    },
    groups: [],
    password_disabled: user.password_disabled,
    ssh_password_enabled: false,
    sshpubkey: null,
    locked: false,
    sudo_commands: [],
    sudo_commands_nopasswd: [],
    email: null,
    local: true,
    immutable: user.builtin,
    twofactor_auth_configured: false,
    sid: null,
    roles: [],
    ...(atLeast(release, "25.10") ? {} : { id_type_both: false }),
    ...(atLeast(release, "24.10") ? {} : { nt_name: null }),
    ...(atLeast(release, "25.04")
      ? {
          userns_idmap: null,
          last_password_change: null,
          password_age: null,
          password_history: null,
          password_change_required: false,
          api_keys: [],
        }
      : {}),
    ...(atLeast(release, "26") ? { webshare: false } : {}),
  };
}

const groupEntry = ({ release }: Nas, group: NasGroup): Entry => ({
  id: group.id,
  gid: group.gid,
  name: group.name,
  group: group.name,
  builtin: group.builtin,
  sudo_commands: [],
  sudo_commands_nopasswd: [],
  smb: false,
  local: true,
  sid: null,
  roles: [],
  users: group.members,
  ...(atLeast(release, "25.10") ? { immutable: group.builtin } : { id_type_both: false }),
  ...(atLeast(release, "25.04") ? { userns_idmap: null } : {}),
});

const next = (all: readonly { id: number }[]) => Math.max(...all.map(({ id }) => id)) + 1;
const taken = (what: string, attribute: string) => new Refusal("EEXIST", what, attribute);

function createGroup(nas: Nas, [data]: readonly Value[]): Value {
  const { name, gid } = entry(data);
  if (nas.groups.some((one) => one.name === name))
    throw taken(`A Group with the name "${String(name)}" already exists.`, "group_create.name");
  if (nas.groups.some((one) => one.gid === gid))
    throw taken(`The Group ID "${String(gid)}" already exists.`, "group_create.gid");
  const id = next(nas.groups);
  nas.groups.push({ id, gid: Number(gid), name: String(name), builtin: false, members: [] });
  return id;
}

function createUser(nas: Nas, [data]: readonly Value[]): Value {
  const { username, full_name, uid, group, password_disabled, smb, shell } = entry(data);
  if (nas.users.some((one) => one.name === username))
    throw taken(`The username "${String(username)}" already exists.`, "user_create.username");
  if (nas.users.some((one) => one.uid === uid)) throw taken(`Uid ${String(uid)} is already used`, "user_create.uid");
  if (!nas.groups.some(({ id }) => id === group))
    throw new Refusal("EINVAL", `Group ${String(group)} not found.`, "user_create.group");
  if (password_disabled !== true) throw new Refusal("EINVAL", "Password is required", "user_create.password");
  if (smb !== false)
    throw new Refusal(
      "EINVAL",
      "Password authentication may not be disabled for SMB users.",
      "user_create.password_disabled",
    );
  const made: NasUser = {
    id: next(nas.users),
    uid: Number(uid),
    name: String(username),
    full_name: String(full_name),
    group: Number(group),
    builtin: false,
    password_disabled: true,
    shell: String(shell ?? "/usr/bin/zsh"),
    smb: false,
  };
  nas.users.push(made);
  return atLeast(nas.release, "25.04") ? { ...userEntry(nas, made), password: null } : made.id;
}

/** TrueNAS takes the user's own group along unless it is told otherwise. */
function deleteUser(nas: Nas, [id, options]: readonly Value[]): Value {
  const found = nas.users.find((one) => one.id === id);
  if (found === undefined) throw notFound(`User ${String(id)}`);
  if (found.builtin) throw new Refusal("EINVAL", "Cannot delete a built-in user", "id");
  nas.users = nas.users.filter((one) => one !== found);
  const others = nas.users.some(({ group }) => group === found.group);
  if (entry(options).delete_group !== false && !others) nas.groups = nas.groups.filter((one) => one.id !== found.group);
  return found.id;
}

function deleteGroup(nas: Nas, [id]: readonly Value[]): Value {
  const found = nas.groups.find((one) => one.id === id);
  if (found === undefined) throw notFound(`Group ${String(id)}`);
  if (nas.users.some(({ group }) => group === id))
    throw new Refusal("EFAULT", "This group is a primary group for other users. Please edit these users first.");
  nas.groups = nas.groups.filter((one) => one !== found);
  return found.id;
}

/** Users and groups: `user.*` and `group.*`, alike in all releases but for what an entry shows. */
export const accountMethods: readonly Method[] = [
  {
    name: "user.query",
    answer: (nas, params) =>
      queried(
        nas.users.map((one) => userEntry(nas, one)),
        params,
      ),
  },
  {
    name: "group.query",
    answer: (nas, params) =>
      queried(
        nas.groups.map((one) => groupEntry(nas, one)),
        params,
      ),
  },
  { name: "group.create", answer: createGroup },
  { name: "group.delete", answer: deleteGroup },
  { name: "user.create", answer: createUser },
  { name: "user.delete", answer: deleteUser },
];
