import { StewardError } from "../../shared/errors.ts";

/** All that is ever called to read. None of them changes anything in any release. */
const readingMethods: readonly string[] = [
  "alert.list",
  "app.config",
  "app.query",
  "app.upgrade_summary",
  "chart.release.query",
  "chart.release.upgrade_summary",
  "core.get_jobs",
  "disk.query",
  "disk.smart_attributes",
  "disk.temperatures",
  "group.query",
  "pool.dataset.query",
  "pool.query",
  "pool.scrub.query",
  "pool.snapshot.query",
  "pool.snapshottask.query",
  "service.query",
  "smart.test.results",
  "system.info",
  "user.query",
  "zfs.snapshot.query",
];

const snapshotChanges = ["create", "delete", "clone", "rollback", "hold", "release"];

/** All that approved steps may call and that is done when it answers. */
const changingCalls: readonly string[] = [
  "alert.dismiss",
  "core.job_abort",
  "group.create",
  "group.delete",
  "pool.dataset.delete",
  "pool.offline",
  "pool.online",
  "service.restart",
  "service.start",
  "service.stop",
  "smart.test.abort",
  "smart.test.manual_test",
  "user.create",
  "user.delete",
  ...snapshotChanges.flatMap((verb) => [`pool.snapshot.${verb}`, `zfs.snapshot.${verb}`]),
];

/** All that approved steps may call and that answers with a job to follow. */
const changingJobs: readonly string[] = [
  ...["redeploy", "rollback", "start", "stop", "update", "upgrade"].map((verb) => `app.${verb}`),
  ...["redeploy", "rollback", "scale", "upgrade"].map((verb) => `chart.release.${verb}`),
  "pool.replace",
  "pool.scrub.scrub",
  "service.control",
];

/** All methods there are for us, by what they do. The shell's table of commands binds midclt to them. */
export const lists = { read: readingMethods, change: changingCalls, job: changingJobs };

/** Throws for a method that is not in that list: a mistake of ours, never sent. */
export function mustBeListed(method: string, list: keyof typeof lists): void {
  if (lists[list].includes(method)) return;
  throw new StewardError(
    "refused",
    "Home Steward does not call that method of TrueNAS this way.",
    "This is a mistake in Home Steward: please report it.",
    { cause: new Error(`${method} is not in the list "${list}"`) },
  );
}
