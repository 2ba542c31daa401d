import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type DiskFacts, decodeSmartctl } from "../../../../src/analysis/disks/decode/decode.ts";
import type { Reported } from "../../../../src/analysis/disks/decode/reported.ts";
import { asJsonObject } from "../../../../src/shared/json.ts";
import { expected } from "./expected.ts";

const folder = new URL("../../../../../shared/contracts/smart/smartctl/", import.meta.url);
const there = existsSync(folder);
const names = there ? readdirSync(folder) : [];

const decoded = (name: string): DiskFacts =>
  decodeSmartctl(asJsonObject(JSON.parse(readFileSync(new URL(encodeURIComponent(name), folder), "utf8"))));

const say = (reported: Reported): string =>
  reported.state === "known" ? String(reported.value) : reported.state === "absent" ? "-" : "?";

function summary(facts: DiskFacts): string {
  const { reallocated, uncorrectable, command_timeouts, unreadable } = facts.counters;
  return [
    facts.smart,
    `reallocated ${say(reallocated)}`,
    `uncorrectable ${say(uncorrectable)}`,
    `timeouts ${say(command_timeouts)}`,
    `unreadable ${say(unreadable)}`,
    `link ${say(facts.link_errors)}`,
    `${say(facts.power_on_hours)} h`,
    `${say(facts.temperature_c)} °C`,
    `wear ${say(facts.wear_percent)}`,
    `spare ${say(facts.spare_percent)}`,
    facts.hard_facts.map(({ code }) => code).join(" ") || "no hard facts",
  ].join(", ");
}

describe.skipIf(!there)(`real smartctl outputs${there ? "" : " (skipped: shared/contracts is not here)"}`, () => {
  it("reads all 109 of them", () => {
    expect(names).toHaveLength(109);
    for (const name of names) expect(decoded(name).model, name).toMatch(/\S/);
  });

  it("has an expectation for at least 40", () => expect(Object.keys(expected).length).toBeGreaterThanOrEqual(40));

  it.each(Object.entries(expected))("%s", (name, summarised) => {
    expect(summary(decoded(name))).toBe(summarised);
  });

  it("knows nothing once the data are taken out, and so says nothing good", () => {
    for (const name of names) {
      const whole = asJsonObject(JSON.parse(readFileSync(new URL(encodeURIComponent(name), folder), "utf8")));
      const { device = null, model_name = null } = whole;
      expect(decodeSmartctl({ device, model_name }), name).toMatchObject({
        monitored: "no",
        smart: "unknown",
      });
    }
  });
});
