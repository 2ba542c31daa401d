import { expect, test } from "vitest";
import { sampleBandwidth } from "../../../src/tools/docker/sample-bandwidth.ts";
import { fakeClock } from "../../support/clock.ts";

const web = {
  Id: "1".repeat(64),
  Names: ["/web"],
  State: "running",
  Status: "Up",
  Image: "web",
  ImageID: "",
  Created: 0,
};

/** A container that receives 1,000 bytes a second, on an engine that answers after `answer_ms`. */
async function measured(window_ms: number, answer_ms: number) {
  const clock = fakeClock();
  const docker = {
    list: async () => [web],
    async network() {
      await clock.sleep(answer_ms);
      return { rx_bytes: clock.monotonic(), tx_bytes: 0, read_at_ms: clock.now() };
    },
  };
  let took_ms = Number.NaN;
  const measuring = sampleBandwidth(docker, window_ms, { clock, signal: new AbortController().signal }).finally(() => {
    took_ms = clock.monotonic();
  });
  await new Promise(setImmediate);
  await clock.advance(20_000);
  const [one] = await measuring;
  return { took_ms, rx_bytes_per_s: one?.rate?.rx_bytes_per_s };
}

test.each([
  { window_ms: 1000, answer_ms: 20, took_ms: 1040 },
  { window_ms: 5000, answer_ms: 20, took_ms: 5040 },
  // One that answers once a second.
  { window_ms: 1000, answer_ms: 1000, took_ms: 2000 },
  { window_ms: 200, answer_ms: 1000, took_ms: 2000 },
  { window_ms: 5000, answer_ms: 1000, took_ms: 6000 },
])("a window of $window_ms ms takes $took_ms where the engine answers after $answer_ms", async (row) => {
  expect(await measured(row.window_ms, row.answer_ms)).toEqual({ took_ms: row.took_ms, rx_bytes_per_s: 1000 });
});
