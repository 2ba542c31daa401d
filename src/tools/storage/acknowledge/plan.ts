import { z } from "zod";
import { type DiskFacts, decodeSmartctl } from "../../../analysis/disks/decode/decode.ts";
import { type DiskBaseline, dayFrom } from "../../../analysis/disks/recorded.ts";
import type { Proposal, Standing, Unit } from "../../../confirm/define.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { Json, JsonObject } from "../../../shared/json.ts";
import { type Systems, step, type ToolContext } from "../../define.ts";
import { readDisks, type SeenDisk } from "../read-disks.ts";

const count = z.number().nullable();
const baseline = z
  .object({
    at: z.number(),
    reallocated: count,
    uncorrectable: count,
    command_timeouts: count,
    unreadable: count,
    link_errors: count,
  })
  .nullable();
const key = z.object({ model: z.string(), serial: z.string() });
const args = z.object({ key, accept: baseline, before: baseline });

const words: readonly (readonly [Exclude<keyof DiskBaseline, "at">, string])[] = [
  ["reallocated", "reallocated"],
  ["uncorrectable", "uncorrectable"],
  ["command_timeouts", "timeouts"],
  ["unreadable", "unreadable"],
  ["link_errors", "link errors"],
];

const counted = (accepted: DiskBaseline): string =>
  words.map(([name, word]) => `${word} ${accepted[name] ?? "not told"}`).join(", ");

/** A plan of one note on one disk. */
export async function proposeAcknowledge(
  wish: { disk: string; withdraw?: boolean | undefined; host?: string | undefined },
  context: ToolContext,
): Promise<Proposal> {
  const { host, system } = context.systems.smart.one(wish.host);
  const [seen] = await readDisks(system, host, context, wish.disk);
  if (seen === undefined) throw new Error("readDisks answers with at least one disk");
  const accept = wish.withdraw ? null : acceptable(seen);
  if (wish.withdraw && seen.baseline === null)
    throw new StewardError("nothing_to_do", "Nothing of this disk is acknowledged.", "See predict_disk_failure.");
  const { name } = seen.disk;
  return {
    title: `${accept ? "Acknowledge" : "Withdraw what was acknowledged of"} disk ${name} on ${host}`,
    risk: "reversible",
    units: [
      {
        target: { kind: "disk", host, name, identity: { ...seen.key } },
        basis: seen.facts && basisOf(seen.facts, seen.reading.at, seen.baseline),
        changes: [accept ? `accepted from now on: ${counted(accept)}` : "nothing is accepted any more"],
        steps: [
          {
            step: "note",
            args: { key: { ...seen.key }, accept, before: seen.baseline },
            does: accept ? "Keep quiet about these counts until they change" : "Speak of all counts again",
            undo: "The note is as it was before.",
          },
        ],
      },
    ],
    warnings: accept
      ? [
          "It only keeps quiet: the risk stays what it is.",
          ...(seen.facts?.hard_facts ?? []).map(({ evidence }) => `Not silenced by it: ${evidence}.`),
        ]
      : [],
    undo: accept ? "acknowledge_disk with withdraw speaks again." : "Acknowledge it again.",
    blast: { containers: 0, files: 0, bytes: 0 },
  };
}

function acceptable({ reading, facts, key: { serial }, assessment }: SeenDisk): DiskBaseline {
  if (facts === null || reading.state !== "read")
    throw new StewardError(
      "conflict",
      "The disk tells nothing now, so there is nothing to accept.",
      "Ask when it is awake.",
    );
  if (serial === "")
    throw new StewardError(
      "unsupported",
      "The disk tells no serial number to know it again by.",
      "Attach it directly.",
    );
  if (assessment.tier === "ok")
    throw new StewardError(
      "nothing_to_do",
      "This disk is judged ok: there is nothing to accept.",
      "Leave it as it is.",
    );
  return acceptedFrom(dayFrom(facts, reading.at));
}

const acceptedFrom = ({ at, ...day }: DiskBaseline): DiskBaseline => ({
  at,
  reallocated: day.reallocated,
  uncorrectable: day.uncorrectable,
  command_timeouts: day.command_timeouts,
  unreadable: day.unreadable,
  link_errors: day.link_errors,
});

/** What the plan rests on: which disk it is, what it counted, and what was accepted before. */
function basisOf(facts: DiskFacts, read_at: number, before: DiskBaseline | null): JsonObject {
  const { at, ...counts } = acceptedFrom(dayFrom(facts, read_at));
  return { model: facts.model, serial: facts.serial, counts, before };
}

export async function observe({ target, steps }: Unit, { smart, diskMemory }: Systems): Promise<Json> {
  const reading = await smart.one(target.host).system.read(target.name);
  if (reading.state !== "read") return null;
  const before = diskMemory.baseline(args.parse(steps[0]?.args).key);
  return basisOf(decodeSmartctl(reading.smartctl), reading.at, before);
}

export async function stands({ steps }: Unit, { diskMemory }: Systems): Promise<Standing> {
  const { key: disk, accept, before } = args.parse(steps[0]?.args);
  const now = diskMemory.baseline(disk);
  const same = (one: DiskBaseline | null) => (one?.at ?? null) === (now?.at ?? null);
  if (same(accept)) return { is: "after", why: "The note says so." };
  return same(before)
    ? { is: "before", why: "The note is as it was." }
    : { is: "neither", why: "Another note stands." };
}

export const acknowledgeSteps = {
  note: step({
    args,
    async does({ key: disk, accept }, { changes }) {
      changes.diskNotes.setBaseline(disk, accept);
      return {};
    },
    async undoes({ key: disk, before }, _outcome, { changes }) {
      changes.diskNotes.setBaseline(disk, before);
    },
  }),
};
