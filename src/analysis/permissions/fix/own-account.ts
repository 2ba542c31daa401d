import { nameOf } from "../../updates/dependants.ts";
import type { Accounts, Subject, Surroundings } from "../finding.ts";
import { adminsOf, runsAs } from "../runs-as.ts";

/** One account of the machine for one container; `made`: it is not there yet. */
export interface ChosenAccount {
  name: string;
  id: { uid: number; gid: number };
  made: boolean;
}

const [first, last] = [3000, 59_999];
/** Below are a distribution's own accounts: the machine's own postgres is no container's. */
const leastOfPeople = 1000;

/**
 * The account a container gets: one of its name that is its own already and none of the system's, or a new one with the first free number from
 * 3000 up, uid and gid alike. Null where none is free.
 *
 * @param taken numbers that this plan gave away already
 */
export function chooseAccount(
  subject: Subject,
  { subjects, accounts }: Pick<Surroundings, "subjects"> & { accounts: Accounts },
  taken: ReadonlySet<number>,
): ChosenAccount | null {
  const others = subjects.filter(({ container }) => container.Id !== subject.container.Id);
  const used = new Set(others.flatMap((one) => [runsAs(one).uid, runsAs(one).gid, ...(one.process_uids ?? [])]));
  const admins = adminsOf(accounts);
  const slug = slugOf(nameOf(subject.container));
  // my.app and my-app would have the same name.
  const alike = others.some(({ container }) => slugOf(nameOf(container)) === slug);
  const ours = accounts.users.find(
    ({ name, uid }) =>
      ((name === `hs-${slug}` && !alike) || (name === nameOf(subject.container) && uid >= leastOfPeople)) &&
      uid !== 0 &&
      !admins.has(uid) &&
      !used.has(uid) &&
      !taken.has(uid) &&
      accounts.users.filter((user) => user.uid === uid).length === 1,
  );
  if (ours !== undefined) return { name: ours.name, id: { uid: ours.uid, gid: ours.gid }, made: false };
  const gone = new Set([
    ...accounts.users.flatMap(({ uid, gid }) => [uid, gid]),
    ...accounts.groups.map(({ gid }) => gid),
    ...used,
    ...taken,
  ]);
  let id = first;
  while (gone.has(id)) id += 1;
  if (id > last) return null;
  const names = new Set([...accounts.users, ...accounts.groups].map(({ name }) => name));
  const name = alike || names.has(`hs-${slug}`) ? `hs-${slug.slice(0, 23)}-${id}` : `hs-${slug}`;
  return { name, id: { uid: id, gid: id }, made: true };
}

/** As accounts may be called: 29 letters behind "hs-", the first no sign. */
const slugOf = (container: string): string =>
  container
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "-")
    .replace(/^[_-]+/, "")
    .slice(0, 29);
