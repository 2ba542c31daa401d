import { cleanLine } from "../../../shared/text.ts";
import { nameOf } from "../../updates/dependants.ts";
import type { Check, Found, Subject } from "../finding.ts";
import { listed } from "../listed.ts";
import { adminGroupsOf, adminsOf, isAdminGroupName, isAdminName, runsAs } from "../runs-as.ts";
import { sameProject } from "./trees.ts";

/** Whom it runs as: root, an account that administers the machine, or a member of a group that can become root. */
export const identity: Check = (subject, { accounts, security_options, subjects }) => {
  const { container } = subject;
  const as = runsAs(subject);
  const found: Found[] = [];
  const remapped = security_options.includes("userns") && container.HostConfig.UsernsMode !== "host";
  if (as.by === "root" && !remapped && !security_options.includes("rootless"))
    found.push({
      check: "root_user",
      severity: "warning",
      evidence: rootEvidence(subject.process_uids, as.variables?.uid),
    });

  const admin = as.uid === null ? undefined : adminsOf(accounts).get(as.uid);
  if (admin !== undefined && !remapped)
    found.push({
      check: "admin_user",
      severity: "critical",
      evidence: `it runs as uid ${as.uid}, which is ${cleanLine(admin, 32)} on this machine`,
    });
  // A name is looked up inside the image: as which uid is not known, but nobody calls an ordinary user so.
  else if (as.name !== null && isAdminName(as.name))
    found.push({ check: "admin_user", severity: "critical", evidence: `it runs as ${as.name}` });

  const groups = adminGroupsOf(accounts);
  const asked = [
    ...(as.by === "root" || as.gid === null ? [] : [String(as.gid)]),
    ...(container.HostConfig.GroupAdd ?? []),
  ];
  const powerful = asked.flatMap((group) => {
    if (isAdminGroupName(group)) return [group];
    const name = groups.get(Number(group));
    return name === undefined ? [] : [`${name} (gid ${group})`];
  });
  if (powerful.length > 0 && !remapped)
    found.push({ check: "admin_group", severity: "critical", evidence: `it is in ${powerful.join(", ")}` });
  const same = as.by === "root" || as.uid === null ? [] : alike(subject, as.uid, subjects);
  if (same.length > 0)
    found.push({ check: "shared_user", severity: "info", evidence: `uid ${as.uid} is also that of ${listed(same)}` });
  return found;
};

/** Containers of other applications that run as the same user: the files of one are the files of all. */
function alike({ container }: Subject, uid: number, subjects: readonly Subject[]): string[] {
  return subjects
    .filter((other) => other.container.Id !== container.Id && !sameProject(other.container, container))
    .filter((other) => runsAs(other).uid === uid)
    .map((other) => nameOf(other.container));
}

function rootEvidence(uids: readonly number[] | null, variable: string | undefined): string {
  if (variable !== undefined) return `${variable} is 0`;
  if (uids === null || uids.length === 0) return "it has no user of its own: uid 0";
  return `its processes run as uid ${[...new Set(uids)].sort((a, b) => a - b).join(", ")}`;
}
