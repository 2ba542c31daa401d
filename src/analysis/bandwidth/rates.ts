import type { NetworkSample } from "../../systems/docker/port.ts";

/** Bytes since the container started, and bytes per second over the window. */
export interface Rate {
  rx_bytes: number;
  tx_bytes: number;
  rx_bytes_per_s: number;
  tx_bytes_per_s: number;
}

/** The rate between two samples of one container, over the time that the engine itself says passed; or why there is none. */
export function rateBetween(first: NetworkSample, second: NetworkSample): Rate | { reason: string } {
  const elapsed_s = (second.read_at_ms - first.read_at_ms) / 1000;
  const rx = second.rx_bytes - first.rx_bytes;
  const tx = second.tx_bytes - first.tx_bytes;
  if (rx < 0 || tx < 0) return { reason: "its counters began anew: it was restarted during the measurement" };
  if (!(elapsed_s > 0)) return { reason: "the engine gave the same moment twice" };
  return {
    rx_bytes: second.rx_bytes,
    tx_bytes: second.tx_bytes,
    rx_bytes_per_s: Math.round(rx / elapsed_s),
    tx_bytes_per_s: Math.round(tx / elapsed_s),
  };
}

/** Megabits (10⁶ bits, as providers and switches count) per second, to two decimals. */
export const mbitPerS = (bytes_per_s: number): number => Math.round((bytes_per_s * 8) / 10_000) / 100;
