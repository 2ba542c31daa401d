import type { CheckName } from "../catalogue.ts";

/** The findings that are mended by making the container again, with less than it had. */
export const hardenable = ["new_privileges", "capabilities_kept", "writable_rootfs"] as const satisfies CheckName[];
export type Hardenable = (typeof hardenable)[number];

/** As compose writes it. */
export const inCompose: Readonly<Record<Hardenable, string>> = {
  new_privileges: "security_opt: [no-new-privileges:true]",
  capabilities_kept: "cap_drop: [ALL]",
  writable_rootfs: "read_only: true",
};
