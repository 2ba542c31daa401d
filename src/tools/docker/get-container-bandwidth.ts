import { z } from "zod";
import { lineCrossed } from "../../analysis/bandwidth/alerts.ts";
import { mbitPerS } from "../../analysis/bandwidth/rates.ts";
import { counted } from "../../shared/text.ts";
import { readingTool } from "../define.ts";
import { nowhere } from "./find.ts";
import { containerName, hostName } from "./inputs.ts";
import { sampleBandwidth } from "./sample-bandwidth.ts";
import { saySilent, silentHosts, silentOf } from "./shapes.ts";

const count = z.number().nullable();

/** What every container sends and receives, measured over one window for all at once. */
export const getContainerBandwidth = readingTool({
  name: "get_container_bandwidth",
  title: "Measure containers' traffic",
  description:
    "Bytes and rates per container, all measured over the same window: top talkers first, totals, alerts over the owner's " +
    "lines. Host-network containers have no counters of their own: null with the reason.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    host: hostName.optional(),
    container: containerName.optional(),
    window_s: z.number().min(0.2).max(30).optional().describe("1 if left out"),
    limit: z.int().min(1).max(200).optional(),
  }),
  output: z.object({
    window_s: z.number(),
    containers: z.array(
      z.object({
        host: z.string(),
        name: z.string(),
        rx_bytes: count,
        tx_bytes: count,
        rx_bytes_per_s: count,
        tx_bytes_per_s: count,
        mbit_per_s: count,
        reason: z.string().nullable(),
        over_mbit_per_s: z.number().optional(),
      }),
    ),
    measured: z.number(),
    left_out: z.number(),
    total_rx_bytes_per_s: z.number(),
    total_tx_bytes_per_s: z.number(),
    silent_hosts: silentHosts,
  }),
  async read({ host, container, window_s = 1, limit = 20 }, context) {
    const answers = await context.systems.docker.each(
      (docker) => sampleBandwidth(docker, window_s * 1000, context),
      host,
    );
    const all = answers.flatMap((answer) =>
      answer.ok ? answer.value.map((one) => ({ host: answer.host, ...one })) : [],
    );
    const rows = all
      .filter(({ name }) => container === undefined || name === container)
      .map(({ host, name, rate, reason }) => {
        const total = rate === null ? null : rate.rx_bytes_per_s + rate.tx_bytes_per_s;
        const crossed = total === null ? null : lineCrossed(name, total, context.settings.bandwidthAlerts);
        return {
          host,
          name,
          rx_bytes: rate?.rx_bytes ?? null,
          tx_bytes: rate?.tx_bytes ?? null,
          rx_bytes_per_s: rate?.rx_bytes_per_s ?? null,
          tx_bytes_per_s: rate?.tx_bytes_per_s ?? null,
          mbit_per_s: total === null ? null : mbitPerS(total),
          reason,
          ...(crossed && { over_mbit_per_s: crossed.bits_per_s / 1e6 }),
        };
      })
      .toSorted((a, b) => (b.mbit_per_s ?? -1) - (a.mbit_per_s ?? -1) || (a.name < b.name ? -1 : 1));
    const silent_hosts = silentOf(answers);
    if (container !== undefined && rows.length === 0)
      throw nowhere(
        container,
        silent_hosts.map((silent) => silent.host),
      );
    const sum = (of: "rx_bytes_per_s" | "tx_bytes_per_s") => rows.reduce((so, row) => so + (row[of] ?? 0), 0);
    return {
      window_s,
      containers: rows.slice(0, limit),
      measured: rows.filter(({ reason }) => reason === null).length,
      left_out: Math.max(0, rows.length - limit),
      total_rx_bytes_per_s: sum("rx_bytes_per_s"),
      total_tx_bytes_per_s: sum("tx_bytes_per_s"),
      silent_hosts,
    };
  },
  say: ({ containers, window_s, measured, left_out, total_rx_bytes_per_s, total_tx_bytes_per_s, silent_hosts }) =>
    [
      `${counted(measured, "container")} over ${window_s} s: ${mbitPerS(total_rx_bytes_per_s)} Mbit/s in, ${mbitPerS(total_tx_bytes_per_s)} Mbit/s out.`,
      ...containers.flatMap(({ name, over_mbit_per_s, mbit_per_s }) =>
        over_mbit_per_s === undefined
          ? []
          : [`! ${name}: ${mbit_per_s} Mbit/s is over the line of ${over_mbit_per_s}.`],
      ),
      ...saySilent(silent_hosts),
      ...containers.map(
        ({ name, host, mbit_per_s, reason }) => `- ${name} on ${host}: ${reason ?? `${mbit_per_s} Mbit/s`}`,
      ),
      ...(left_out > 0 ? [`${left_out} more: raise limit.`] : []),
    ].join("\n"),
});
