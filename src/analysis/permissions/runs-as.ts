import type { Accounts, Subject } from "./finding.ts";

/** Whom a container runs as, as far as can be told from outside of it. */
export interface RunsAs {
  /** Host uids; null where only a name is known. */
  uid: number | null;
  gid: number | null;
  /** As it was written: a name that is looked up inside the image. */
  name: string | null;
  by: "root" | "user" | "puid" | "processes";
  /** Variables by which its image is told whom to become after it started as root. */
  variables: Variables | null;
}

export interface Variables {
  uid: string;
  gid: string;
}

/** Images that start as root, prepare their folders and become whom these variables name. Sources: their own documentation. */
const becoming: readonly { image: RegExp; variables: Variables; default_id: number }[] = [
  { image: /(^|\/)linuxserver\//, variables: { uid: "PUID", gid: "PGID" }, default_id: 911 },
  { image: /(^|\/)hotio\//, variables: { uid: "PUID", gid: "PGID" }, default_id: 1000 },
  { image: /(^|\/)binhex\//, variables: { uid: "PUID", gid: "PGID" }, default_id: 99 },
  { image: /(^|\/)plexinc\/pms-docker(:|@|$)/, variables: { uid: "PLEX_UID", gid: "PLEX_GID" }, default_id: 1000 },
  { image: /(^|\/)jlesage\//, variables: { uid: "USER_ID", gid: "GROUP_ID" }, default_id: 1000 },
];

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;

/**
 * Works it out from what the container was given and, where its processes are known, from them: an image may start as
 * root and hand over by itself, as databases do.
 */
export function runsAs({ container, image, process_uids }: Subject): RunsAs {
  const { User = "", Env, Image, Labels } = container.Config;
  const [user = "", group] = User.split(":", 2);
  if (user !== "" && user !== "root" && whole(user) !== 0) {
    const uid = whole(user);
    // Without a group the engine takes the user's own, which only the image knows.
    const gid = group === undefined ? null : group === "root" ? 0 : whole(group);
    return { uid, gid, name: uid === null ? user : null, by: "user", variables: null };
  }
  const built = `${Labels?.build_version ?? ""} ${image?.Config?.Labels?.build_version ?? ""}`;
  const known =
    becoming.find((one) => one.image.test(Image)) ?? (/linuxserver\.io/i.test(built) ? becoming[0] : undefined);
  if (known !== undefined) {
    const { variables, default_id } = known;
    const said = (name: string) => whole(Env?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1));
    const uid = said(variables.uid) ?? default_id;
    return { uid, gid: said(variables.gid) ?? default_id, name: null, by: uid === 0 ? "root" : "puid", variables };
  }
  const [first] = process_uids ?? [];
  if (process_uids !== null && first !== undefined && !process_uids.includes(0))
    return { uid: first, gid: null, name: null, by: "processes", variables: null };
  return { uid: 0, gid: group === undefined ? 0 : (whole(group) ?? null), name: null, by: "root", variables: null };
}

/** TrueNAS's administrator has uid 950 since 22.12, and the group "builtin_administrators" gid 544. */
const knownAdmins: Accounts = {
  users: [{ name: "truenas_admin", uid: 950, gid: 950 }],
  groups: [{ name: "builtin_administrators", gid: 544, members: [] }],
};
const adminNames = /^(truenas_admin|admin|administrator)$/;
/** Whose members can become root: by sudo, by the engine's socket, by the disks themselves. */
const adminGroups = /^(root|sudo|wheel|docker|admin|disk|shadow|builtin_administrators)$/;

/** Accounts that administer the machine: their uids with their names. Root itself is not among them. */
export function adminsOf(accounts: Accounts | null): Map<number, string> {
  const { users, groups } = accounts ?? knownAdmins;
  const members = new Set(groups.filter(({ name }) => adminGroups.test(name)).flatMap((group) => group.members));
  const gids = adminGroupsOf(accounts);
  const found = users.filter(
    ({ name, uid, gid }) => uid !== 0 && (adminNames.test(name) || members.has(name) || gids.has(gid)),
  );
  return new Map([...knownAdmins.users, ...found].map(({ uid, name }) => [uid, name]));
}

/** Groups that make root, by gid. */
export function adminGroupsOf(accounts: Accounts | null): Map<number, string> {
  const { groups } = accounts ?? knownAdmins;
  return new Map(groups.filter(({ name }) => adminGroups.test(name)).map(({ gid, name }) => [gid, name]));
}

export const isAdminName = (name: string): boolean => adminNames.test(name);
export const isAdminGroupName = (name: string): boolean => adminGroups.test(name);
