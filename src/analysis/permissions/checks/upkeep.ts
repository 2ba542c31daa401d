import { parseReference } from "../../updates/reference.ts";
import type { Check, Found } from "../finding.ts";

const day_ms = 86_400_000;
/** Ours: within a year nearly every base image had holes mended. Before 2013 there was no Docker: a date that builds set. */
const old_days = 365;
const firstImages = Date.UTC(2013, 0);

/** What keeps a container that was broken into, or that runs wild, from more: limits, a read-only root, a fresh image. */
export const upkeep: Check = ({ container, image }, { now_ms }) => {
  const { HostConfig, Config } = container;
  const found: Found[] = [];
  if (!HostConfig.ReadonlyRootfs)
    found.push({ check: "writable_rootfs", severity: "info", evidence: "its programs can be replaced from inside" });

  const cpus = HostConfig.NanoCpus || (HostConfig.CpuQuota ?? 0) > 0 || HostConfig.CpuShares || HostConfig.CpusetCpus;
  const missing = [
    ...(HostConfig.Memory ? [] : [["memory", "5.11"] as const]),
    ...(cpus ? [] : [["processor", "5.12"] as const]),
    ...((HostConfig.PidsLimit ?? 0) > 0 ? [] : [["processes", "5.29"] as const]),
  ];
  if (missing.length > 0)
    found.push({
      check: "no_limits",
      severity: "info",
      evidence: `without a limit: ${missing.map(([what]) => what).join(", ")}`,
      cis: missing.map(([, number]) => number),
    });

  const test = Config.Healthcheck?.Test ?? [];
  if (test.length === 0 || test[0] === "NONE")
    found.push({ check: "no_healthcheck", severity: "info", evidence: "nothing tells when it hangs" });
  const reference = parseReference(Config.Image);
  if (reference?.tag === "latest" && reference.digest === null)
    found.push({ check: "latest_tag", severity: "info", evidence: "it runs whatever latest means at the time" });
  const built_ms = Date.parse(image?.Created ?? "");
  const age_days = Math.floor((now_ms - built_ms) / day_ms);
  if (built_ms >= firstImages && age_days > old_days)
    found.push({
      check: "old_image",
      severity: age_days > 3 * old_days ? "warning" : "info",
      evidence: `its image was built ${age_days} days ago`,
    });
  return found;
};
