import { expect, it } from "vitest";
import { getOverview } from "../../../src/tools/overview/get-overview.ts";
import { disk, diskContext, now, smartOf, told } from "./disk-house.ts";

it("names the disks to act on and those nobody can watch, not those that sleep", async () => {
  const home = smartOf([disk("sda"), disk("sdb"), disk("sdc"), disk("sdd")], {
    sda: told("Z-sda"),
    sdb: told("Z-sdb", {}, { smart_status: { passed: false } }),
    sdc: { state: "standby", at: now },
    sdd: { state: "unmonitored", at: now, why: "smartctl could not open it" },
  });
  const { structured } = await getOverview.call({}, diskContext(home));
  expect(structured).toMatchObject({
    problems: [
      {
        severity: "critical",
        area: "disks",
        host: "nas",
        subject: "sdb",
        what: "Is failing, or likely to fail soon",
        evidence: "SMART status: failed.",
        next: "predict_disk_failure of sdb says why, and what to do.",
      },
      { severity: "info", area: "disks", subject: "sdd", what: "Tells nothing of its health" },
    ],
    counts: [{ area: "disks", host: "nas", counts: { disks: 4, asleep: 1, not_ok: 1 } }],
  });
});

it("says which host's disks can't be read", async () => {
  const { structured } = await getOverview.call({}, diskContext(smartOf([], {}), undefined, ["attic"]));
  expect(structured).toMatchObject({ problems: [{ area: "disks", host: "attic" }] });
});
