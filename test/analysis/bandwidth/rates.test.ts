import { describe, expect, test } from "vitest";
import { fits, lineCrossed } from "../../../src/analysis/bandwidth/alerts.ts";
import { uncountable } from "../../../src/analysis/bandwidth/countable.ts";
import { mbitPerS, rateBetween } from "../../../src/analysis/bandwidth/rates.ts";

const sample = (rx_bytes: number, tx_bytes: number, read_at_ms: number) => ({ rx_bytes, tx_bytes, read_at_ms });

describe("rates", () => {
  test("count the time that the engine says has passed", () => {
    expect(rateBetween(sample(1000, 500, 10_000), sample(6000, 1500, 12_500))).toEqual({
      rx_bytes: 6000,
      tx_bytes: 1500,
      rx_bytes_per_s: 2000,
      tx_bytes_per_s: 400,
    });
  });

  test("counters that went back, or no time between, give a reason instead of a number", () => {
    expect(rateBetween(sample(1000, 500, 0), sample(10, 600, 1000))).toEqual({
      reason: "its counters began anew: it was restarted during the measurement",
    });
    expect(rateBetween(sample(1000, 500, 0), sample(1000, 499, 1000))).toHaveProperty("reason");
    expect(rateBetween(sample(1, 1, 5), sample(2, 2, 5))).toEqual({ reason: "the engine gave the same moment twice" });
  });

  test("62.5 million bytes a second are 500 megabits", () => {
    expect(mbitPerS(62_500_000)).toBe(500);
    expect(mbitPerS(1234)).toBe(0.01);
  });
});

describe("alert lines", () => {
  const plex = [{ container: "*plex*", bits_per_s: 500_000_000 }];
  test("are in bits: 500 megabytes a second is far over, 60 megabytes is under", () => {
    expect(lineCrossed("plex", 60_000_000, plex)).toBeNull();
    expect(lineCrossed("plex", 62_500_000, plex)).toBeNull();
    expect(lineCrossed("my-Plex-1", 62_500_001, plex)).toEqual(plex[0]);
    expect(lineCrossed("sonarr", 500_000_000, plex)).toBeNull();
  });

  test("the lowest one that is crossed is told", () => {
    const lines = [...plex, { container: "*", bits_per_s: 80 }];
    expect(lineCrossed("plex", 100_000_000, lines)).toEqual({ container: "*", bits_per_s: 80 });
  });

  test.each([
    ["plex", "plex", true],
    ["plex", "plex-1", false],
    ["*plex*", "ix-PLEX-plex-1", true],
    ["ix-*-1", "ix-1", false],
    ["ix-*-1", "ix-plex-1", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["*", "", true],
  ])("%s for %s: %s", (pattern, name, is) => {
    expect(fits(pattern, name)).toBe(is);
  });
});

test.each([
  ["running", "bridge", null],
  ["paused", "lan", null],
  ["exited", "bridge", "it is not running (exited)"],
  ["running", "host", "it uses the host's network: the counters would be those of the whole host"],
  ["running", "none", "it has no network"],
  ["running", "container:1", "it uses the network of vpn: its traffic is counted there"],
  ["running", "container:2", "it uses the network of a container that is gone: its traffic is counted there"],
])("a container that is %s on %s", (state, mode, reason) => {
  expect(uncountable(state, mode, (id) => (id === "1" ? "vpn" : undefined))).toBe(reason);
});
