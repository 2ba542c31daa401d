import type { z } from "zod";
import type { Clock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import type { Json } from "../../shared/json.ts";
import { once } from "../../shared/once.ts";
import type { TrueNas, TrueNasChanges } from "../truenas/port.ts";
import type { Reading, Smart, SmartChanges } from "./port.ts";
import {
  asSmartctl,
  attributes,
  begun,
  diskOf,
  protocolOf,
  type TrueNasDisk,
  temperatures,
  testResults,
  truenasDisks,
} from "./truenas-shapes.ts";

function understood<S extends z.ZodType>(shape: S, told: Json): z.output<S> {
  const answer = shape.safeParse(told);
  if (answer.success) return answer.data;
  throw new StewardError(
    "wrong_answer",
    "TrueNAS answered something else than was asked about its disks.",
    "See whether Home Steward knows this release of TrueNAS.",
    { cause: answer.error },
  );
}

const notFound = () => new StewardError("not_found", "No disk of that name is there.", "get_disks lists them.");
const viaShell = "configure shell on its host, so that smartctl can be asked";
const untold = `TrueNAS tells no SMART values from 25.10 on: ${viaShell}`;
const onlyAta = `TrueNAS tells SMART values of SATA disks only: ${viaShell}`;
const noTests = `Through TrueNAS from 25.10 on no self-test can be started: ${viaShell}.`;
const noAbort = `TrueNAS 24.04 can't abort a self-test, so none is started through it: ${viaShell}.`;

/**
 * The disks of a TrueNAS without a shell on it, by its own calls: of SATA disks and up to 25.04 all that a verdict
 * needs, of others the temperature. Closed with the connection below.
 */
export function smartOverTrueNas(
  { reading, changing }: { reading: TrueNas; changing: TrueNasChanges },
  clock: Pick<Clock, "now">,
): { reading: Smart; changing: SmartChanges } {
  const features = once(() => reading.features());

  async function ask<S extends z.ZodType>(shape: S, method: string, params: Json[], signal?: AbortSignal) {
    return understood(shape, await reading.call(method, params, signal));
  }

  async function find(name: string, signal?: AbortSignal): Promise<TrueNasDisk> {
    const [disk] = await ask(truenasDisks, "disk.query", [[["name", "=", name]]], signal);
    if (disk) return disk;
    throw notFound();
  }

  /** Asked so that a sleeping disk stays asleep, where the release can; null then. */
  async function temperatureOf(name: string, old: boolean, signal?: AbortSignal): Promise<number | null> {
    const how: Json[] = old ? [[name], { cache: null, powermode: "STANDBY" }] : [[name]];
    const told = (await ask(temperatures, "disk.temperatures", how, signal))[name] ?? null;
    return told === null ? null : Math.round(told);
  }

  async function read(name: string, signal?: AbortSignal): Promise<Reading> {
    const { smart } = await features();
    const disk = await find(name, signal);
    const at = clock.now();
    const temperature_c = await temperatureOf(name, smart !== "shell", signal);
    const silent = (why: string): Reading => ({ state: "unmonitored", at, why, temperature_c });
    if (smart === "shell") return silent(untold);
    if (protocolOf(disk) !== "ata") return silent(onlyAta);
    // What follows would wake it; a hard disk that is awake tells its temperature.
    if (temperature_c === null && disk.type === "HDD") return { state: "standby", at };
    const [table, [results]] = await Promise.all([
      ask(attributes, "disk.smart_attributes", [name], signal),
      ask(testResults, "smart.test.results", [[["disk", "=", name]]], signal),
    ]);
    const smartctl = asSmartctl(disk, { temperature_c, attributes: table, results });
    return { state: "read", at, smartctl, exit_status: 0 };
  }

  return {
    reading: {
      read,
      async contents(name, signal) {
        const disks = await ask(
          truenasDisks,
          "disk.query",
          [[["name", "=", name]], { extra: { pools: true } }],
          signal,
        );
        const [disk] = disks;
        if (disk === undefined) throw notFound();
        if (disk.pool) return { is: "used", why: "a pool has it", by_id: null };
        return {
          is: "unchecked",
          why: "TrueNAS takes no disk with partitions, and looks for nothing else",
          by_id: null,
        };
      },
      async disks(signal) {
        const { smart } = await features();
        const missing = { reading: noAbort, middleware: undefined, shell: noTests }[smart];
        return (await ask(truenasDisks, "disk.query", [], signal))
          .map((disk) => diskOf(disk, missing))
          .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
      },
    },
    changing: {
      async selfTest(name, test) {
        const { smart } = await features();
        if (smart !== "middleware")
          throw new StewardError("unsupported", "This TrueNAS can't do that.", smart === "shell" ? noTests : noAbort);
        const { identifier } = await find(name);
        if (test === "abort") return void (await changing.call("smart.test.abort", [name]));
        const type = { short: "SHORT", long: "LONG" }[test];
        const told = await changing.call("smart.test.manual_test", [[{ identifier, type }]]);
        const [answer] = understood(begun, told);
        if (answer?.error === null) return;
        throw /abort|progress/i.test(answer?.error ?? "")
          ? new StewardError("conflict", "A self-test runs on this disk already.", "Wait for its end, or abort it.")
          : new StewardError("unsupported", "The disk took no such self-test.", "It may have none.");
      },
    },
  };
}
