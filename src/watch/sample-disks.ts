import { decodeSmartctl } from "../analysis/disks/decode/decode.ts";
import { dayFrom } from "../analysis/disks/recorded.ts";
import type { Clock } from "../shared/clock.ts";
import { eachLimited } from "../shared/concurrency.ts";
import type { DiskKey, DiskSample } from "../store/disks.ts";
import type { Store } from "../store/open.ts";
import type { Fleet } from "../systems/fleet.ts";
import type { Smart } from "../systems/smart/port.ts";
import { claim } from "./claim.ts";

export interface SamplerOptions {
  smart: Fleet<Smart>;
  store: Store;
  clock: Pick<Clock, "now">;
  every_ms: number;
  signal: AbortSignal;
}

/** Few at once: nobody waits for it, and a person's question may come meanwhile. */
const atOnce = 2;
const mark = "disks_sampled_at";

/**
 * Reads every disk that is awake, once, and keeps what it says. Several processes may share a home: one that comes
 * within the interval of another does nothing. Hosts and disks that can't be read are left for the next time. Answers
 * how many disks were kept.
 */
export async function sampleDisks({ smart, store, clock, every_ms, signal }: SamplerOptions): Promise<number> {
  if (!claim(store, mark, clock.now(), every_ms)) return 0;
  const answers = await smart.each(async (host) => {
    const disks = await host.disks(signal);
    return eachLimited(disks, atOnce, async ({ name, model, serial }): Promise<[DiskKey, DiskSample] | null> => {
      const reading = await host.read(name, signal).catch(() => null);
      if (reading?.state !== "read") return null;
      const facts = decodeSmartctl(reading.smartctl);
      const key = { model: facts.model ?? model, serial: facts.serial ?? serial };
      // Without a serial number it can't be told from the next disk in its place.
      return key.serial === "" || facts.monitored === "no" ? null : [key, dayFrom(facts, reading.at)];
    });
  });
  const samples = answers.flatMap((answer) => (answer.ok ? answer.value : [])).filter((one) => one !== null);
  store.transaction(() => {
    for (const [key, sample] of samples) store.disks.add(key, sample);
  });
  return samples.length;
}
