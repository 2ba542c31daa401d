import { z } from "zod";
import { type DiskFacts, decodeSmartctl } from "../../../analysis/disks/decode/decode.ts";
import {
  checkSelfTest,
  judgeSelfTest,
  type SelfTestAction,
  selfTestActions,
  selfTestChange,
  selfTestWarnings,
  testLog,
} from "../../../analysis/disks/self-test.ts";
import type { Proposal, Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json } from "../../../shared/json.ts";
import { cleanLine } from "../../../shared/text.ts";
import type { Smart } from "../../../systems/smart/port.ts";
import { type Systems, step, type ToolContext } from "../../define.ts";
import { readDisks } from "../read-disks.ts";

const args = z.object({
  host: z.string(),
  disk: z.string(),
  test: z.enum(selfTestActions),
  /** null: the disk slept, so its log was not read. */
  log: z.string().nullable(),
});

/** A plan of one self-test on one disk, or of its end. */
export async function proposeSelfTest(
  wish: { disk: string; test: SelfTestAction; host?: string | undefined },
  context: ToolContext,
): Promise<Proposal> {
  const { test } = wish;
  const { host, system } = context.systems.smart.one(wish.host);
  const [seen] = await readDisks(system, host, context, wish.disk);
  if (seen === undefined) throw new Error("readDisks answers with at least one disk");
  const { reading, facts, place, assessment } = seen;
  const { name } = seen.disk;
  if (reading.state === "unmonitored")
    throw new StewardError("unsupported", "A test could not be followed: this disk tells nothing.", `${reading.why}.`);
  if (seen.disk.no_self_test !== undefined)
    throw new StewardError("unsupported", "No self-test can be run on this disk.", seen.disk.no_self_test);
  checkSelfTest(test, facts);
  const basis = { serial: serialOf(seen.disk.serial, facts), running: facts?.self_test_runs ?? false };
  if (basis.serial === "")
    throw new StewardError("unsupported", "The disk tells no serial number to know it by.", "Attach it directly.");
  const title = test === "abort" ? "Abort the self-test of" : `Run a ${test} self-test on`;
  return {
    title: `${title} disk ${name} on ${host}`,
    risk: "reversible",
    units: [
      {
        target: { kind: "disk", host, name, identity: { serial: basis.serial } },
        basis,
        changes: [selfTestChange(test, facts), "get_disks shows how far it is, and later its result"],
        steps: [
          {
            step: "self_test",
            args: { host, disk: name, test, log: facts && testLog(facts) },
            does: test === "abort" ? "Abort the self-test" : `Start the ${test} self-test`,
            undo: test === "abort" ? "An aborted test does not go on; start it anew." : "The test is aborted.",
          },
        ],
      },
    ],
    warnings: selfTestWarnings(test, {
      asleep: reading.state === "standby",
      urgent: assessment.tier === "urgent",
      place,
    }),
    undo: test === "abort" ? "Start a test anew." : "Abort it, with run_disk_test. It only reads the disk.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

/** By the host's list where that tells one: so a disk is the same one asleep and awake. */
const serialOf = (listed: string, facts: DiskFacts | null): string => cleanLine(listed || (facts?.serial ?? ""), 64);

/** null: it sleeps. Errors: those of {@link Smart}, and unreachable where the disk tells nothing. */
async function factsOf(smart: Smart, disk: string): Promise<DiskFacts | null> {
  const reading = await smart.read(disk);
  if (reading.state === "unmonitored")
    throw new StewardError("unreachable", `The disk tells nothing: ${reading.why}.`, "See that it is there.");
  return reading.state === "read" ? decodeSmartctl(reading.smartctl) : null;
}

export async function observe({ target }: Unit, { smart }: Systems): Promise<Json> {
  const { system } = smart.one(target.host);
  const listed = (await system.disks()).find(({ name }) => name === target.name);
  if (listed === undefined) return null;
  const facts = await factsOf(system, target.name);
  return { serial: serialOf(listed.serial, facts), running: facts?.self_test_runs ?? false };
}

export async function stands({ steps }: Unit, { smart }: Systems): Promise<Standing> {
  const { host, disk, test, log } = args.parse(steps[0]?.args);
  const facts = await factsOf(smart.one(host).system, disk);
  // A test keeps a disk awake.
  if (facts === null) return { is: test === "abort" ? "after" : "neither", why: "The disk sleeps, so no test runs." };
  return judgeSelfTest(test, log, facts);
}

export const selfTestSteps = {
  self_test: step({
    args,
    async does({ host, disk, test }, { changes }) {
      await changes.smart.one(host).system.selfTest(disk, test);
      return {};
    },
    async undoes({ host, disk, test }, _outcome, { changes, systems }) {
      if (test === "abort") return;
      const facts = await factsOf(systems.smart.one(host).system, disk);
      if (facts?.self_test_runs) await changes.smart.one(host).system.selfTest(disk, "abort");
    },
  }),
};
