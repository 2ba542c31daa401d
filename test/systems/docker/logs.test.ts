import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logReader } from "../../../src/systems/docker/logs.ts";

const at = "2026-01-02T03:04:05.678901234Z";
const frame = (stream: number, text: string) => {
  const body = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};
const read = (tty: boolean, ...chunks: Buffer[]) => {
  const reader = logReader(tty);
  for (const chunk of chunks) reader.take(chunk);
  return reader.end();
};

describe("a log as the engine sends it", () => {
  it("comes in frames without a terminal, and as it is with one", () => {
    expect(read(false, frame(1, `${at} one\n`), frame(2, `${at} two\n`))).toEqual([
      { at, stream: "stdout", text: "one" },
      { at, stream: "stderr", text: "two" },
    ]);
    expect(read(true, Buffer.from(`${at} one\r\n${at} two\r\n`))).toEqual([
      { at, stream: "stdout", text: "one" },
      { at, stream: "stdout", text: "two" },
    ]);
  });

  it("keeps lines without a time, empty ones and an unfinished last one", () => {
    expect(read(false, frame(1, `no time here\n${at} \n${at} unfinished`))).toEqual([
      { at: null, stream: "stdout", text: "no time here" },
      { at, stream: "stdout", text: "" },
      { at, stream: "stdout", text: "unfinished" },
    ]);
  });

  it("puts a line together that several frames carry, apart from the other stream", () => {
    expect(read(false, frame(1, `${at} be`), frame(2, `${at} err\n`), frame(1, "gun\n"))).toEqual([
      { at, stream: "stderr", text: "err" },
      { at, stream: "stdout", text: "begun" },
    ]);
  });

  it("reads the same wherever the chunks end", () => {
    const line = fc.record({
      stream: fc.constantFrom(1, 2),
      text: fc.string({ unit: "binary" }).map((s) => s.replace(/[\r\n]/g, "")),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), (lines, cuts) => {
        const whole = Buffer.concat(lines.map(({ stream, text }) => frame(stream, `${at} ${text}\n`)));
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((end, index) => whole.subarray(places[index], end));
        expect(read(false, ...chunks)).toEqual(read(false, whole));
        expect(read(false, whole).map((one) => Buffer.from(one.text).length)).toEqual(
          lines.map(({ text }) => Buffer.from(text).length),
        );
      }),
    );
  });

  it("keeps the newest 4 MiB and cuts what is no line", () => {
    const long = `${at} ${"x".repeat(60_000)}\n`;
    const lines = read(true, ...Array.from({ length: 100 }, () => Buffer.from(long)), Buffer.from(`${at} last\n`));
    expect(lines.length).toBeLessThan(75);
    expect(lines.at(-1)?.text).toBe("last");
    expect(read(true, Buffer.from("y".repeat(1_000_000)))[0]?.text.length).toBe(65_536);
  });
});
