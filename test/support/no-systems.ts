import { type Fleet, fleet } from "../../src/systems/fleet.ts";
import type { Changes, Systems } from "../../src/tools/define.ts";

const none = <T>(kind: string): Fleet<T> =>
  fleet(kind, [], () => {
    throw new Error(`no ${kind} here`);
  });

/** A home with nothing in it; a test puts in what it is about. */
export const noSystems: Systems = {
  accounts: none("shell"),
  cgroup: none("shell"),
  network: none("shell"),
  keptLimits: { of: () => [] },
  useHistory: { peak: () => null },
  docker: none("docker"),
  files: none("shell"),
  managers: { truenas: none("truenas"), portainer: none("portainer"), compose: none("compose") },
  secretFiles: none("secrets_folder"),
  smart: none("smart"),
  zfs: none("zfs"),
  diskMemory: { days: () => [], baseline: () => null },
};
export const noChanges: Changes = {
  accounts: none("shell"),
  files: none("shell"),
  cgroup: none("shell"),
  network: none("shell"),
  keptLimits: { put: () => {}, drop: () => {} },
  docker: none("docker"),
  managers: { truenas: none("truenas"), portainer: none("portainer"), compose: none("compose") },
  secretFiles: none("secrets_folder"),
  smart: none("smart"),
  zfs: none("zfs"),
  diskNotes: {
    setBaseline() {
      throw new Error("no notes here");
    },
  },
};
