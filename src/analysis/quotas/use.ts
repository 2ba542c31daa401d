import { sayCpus, sayMemory } from "./words.ts";

/** What is known of a container's real use. Null where it is not known. */
export interface RealUse {
  /** Its working set now: without the file cache that the kernel gives back first. */
  memory_now_bytes: number | null;
  /** The highest that was sampled, and since when. */
  memory_peak_bytes: number | null;
  cpus_peak: number | null;
  /** On average since its start. */
  cpus_mean: number | null;
  /** Days that the samples reach back; null where there are none. */
  sampled_days: number | null;
}

/** In a few words, always with the time they speak of. */
export const sayUse = {
  memory({ memory_now_bytes: now, memory_peak_bytes: peak, sampled_days }: RealUse): string {
    if (now === null) return "it does not run: nothing is known of its use";
    if (peak === null || sampled_days === null) return `it uses ${sayMemory(now)} now; no earlier samples yet`;
    return `it uses ${sayMemory(now)} now, at most ${sayMemory(Math.max(now, peak))} ${over(sampled_days)}`;
  },
  cpus({ cpus_mean: mean, cpus_peak: peak, sampled_days }: RealUse): string {
    if (mean === null) return "it does not run: nothing is known of its use";
    if (peak === null || sampled_days === null) return `on average ${sayCpus(mean)} since its start`;
    return `on average ${sayCpus(mean)} since its start, at most ${sayCpus(peak)} ${over(sampled_days)}`;
  },
};

const over = (days: number) => (days < 1 ? "in the last hours" : `in ${Math.round(days)} days`);
