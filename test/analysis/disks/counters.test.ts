import { expect, test } from "vitest";
import { decodeCounters } from "../../../src/analysis/disks/counters.ts";

const silent = { reallocated: null, uncorrectable: null, command_timeouts: null, unreadable: null };

test.each([
  [
    "plain counts",
    { "5": 8, "187": 3, "188": 2, "197": 16, "198": 16 },
    { reallocated: 8, uncorrectable: 3, command_timeouts: 2, unreadable: 16 },
  ],
  ["188 as three words, 12/12/12", { "188": 51540393996 }, { command_timeouts: 12 }],
  ["188 as two words, 1/7", { "188": 65543 }, { command_timeouts: 7 }],
  ["188 with nothing in its lowest word", { "188": 131072 }, { command_timeouts: 0 }],
  ["188 at the last value of one word", { "188": 65528 }, { command_timeouts: 65528 }],
  ["5 as raw16(raw16)", { "5": 65537 }, { reallocated: 1 }],
  ["5 absent, 196 there", { "5": null, "196": 4 }, { reallocated: 4 }],
  ["5 wins over 196", { "5": 0, "196": 4 }, { reallocated: 0 }],
  ["a sentinel in 5", { "5": 65533 }, {}],
  ["sentinels in 197 and 187", { "187": 65535, "197": 65533 }, {}],
  ["a large but real 197 of Seagate", { "197": 65528 }, { unreadable: 65528 }],
  ["only 197", { "197": 1, "198": null }, { unreadable: 1 }],
  ["198 above 197", { "197": 0, "198": 5 }, { unreadable: 5 }],
  ["a packed value where a count belongs", { "187": 4294967296, "197": 281470681743360 }, {}],
  ["absent is not zero", {}, {}],
  ["null is not zero", { "5": null, "187": null, "188": null, "197": null, "198": null }, {}],
  [
    "zero is zero",
    { "5": 0, "187": 0, "188": 0, "197": 0, "198": 0 },
    { reallocated: 0, uncorrectable: 0, command_timeouts: 0, unreadable: 0 },
  ],
  ["no counts at all", { "5": "8", "187": -1, "188": Number.NaN, "197": {}, "198": true }, {}],
  ["fractions from a table of floats", { "5": 24.0, "197": 8.5 }, { reallocated: 24, unreadable: 8 }],
])("decodes %s", (_, raw, expected) => {
  expect(decodeCounters(raw)).toEqual({ ...silent, ...expected });
});
