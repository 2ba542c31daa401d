import { getAutomations } from "./automation/get-automations.ts";
import { setAutomation } from "./automation/set-automation.ts";
import type { Tool } from "./define.ts";
import { auditExposure } from "./docker/audit-exposure.ts";
import { controlContainer } from "./docker/control-container.ts";
import { enforceQuotas } from "./docker/enforce-quotas.ts";
import { getContainerBandwidth } from "./docker/get-container-bandwidth.ts";
import { getContainerLogs } from "./docker/get-container-logs.ts";
import { limitBandwidth } from "./docker/limit-bandwidth.ts";
import { listContainers } from "./docker/list-containers.ts";
import { updateContainer } from "./docker/update-container.ts";
import { applyPlan } from "./gate/apply-plan.ts";
import { getPlan } from "./gate/get-plan.ts";
import { getOverview } from "./overview/get-overview.ts";
import { auditPermissions } from "./permissions/audit-permissions.ts";
import { fixPermissions } from "./permissions/fix-permissions.ts";
import { acknowledgeDisk } from "./storage/acknowledge-disk.ts";
import { getDisks } from "./storage/get-disks.ts";
import { getStorage } from "./storage/get-storage.ts";
import { manageSnapshots } from "./storage/manage-snapshots.ts";
import { predictDiskFailure } from "./storage/predict-disk-failure.ts";
import { replaceDisk } from "./storage/replace-disk.ts";
import { runDiskTest } from "./storage/run-disk-test.ts";
import { runScrub } from "./storage/run-scrub.ts";

/** All tools, in the order in which they are listed. */
export const tools: readonly Tool[] = [
  getOverview,
  listContainers,
  getContainerLogs,
  getContainerBandwidth,
  controlContainer,
  updateContainer,
  enforceQuotas,
  limitBandwidth,
  auditExposure,
  auditPermissions,
  fixPermissions,
  getAutomations,
  setAutomation,
  getStorage,
  getDisks,
  predictDiskFailure,
  acknowledgeDisk,
  manageSnapshots,
  runScrub,
  runDiskTest,
  replaceDisk,
  getPlan,
  applyPlan,
];
