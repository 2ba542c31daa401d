import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRender } from "../../src/mcp/render.ts";
import { createScrub } from "../../src/mcp/scrub.ts";
import type { Json, JsonObject } from "../../src/shared/json.ts";

const render = createRender({ scrub: createScrub(["hunter2-hunter2"]), demo: false });
const size = ({ structured, text }: { structured: JsonObject; text: string }) =>
  Buffer.byteLength(JSON.stringify(structured)) + Buffer.byteLength(text);

describe("every string of an answer, keys included", () => {
  it("is cleaned and scrubbed", () => {
    const answer = render.answer({
      structured: {
        "la\u202ebel hunter2-hunter2": ["a\u001b[31mred\u001b[0m", { deep: "x=hunter2-\u200bhunter2" }],
        n: 1,
      },
      text: "token hunter2-hunter2\u0007",
    });
    expect(answer).toEqual({
      structured: { "label [secret]": ["ared", { deep: "x=[secret]" }], n: 1 },
      text: "token [secret]",
    });
  });

  it("is so in resources, prompts and errors too", () => {
    expect(JSON.parse(render.resource({ a: "hunter2-hunter2" }))).toEqual({ a: "[secret]" });
    expect(render.text("b\u200b hunter2-hunter2")).toBe("b [secret]");
    expect(render.problem({ code: "refused", message: "no hunter2-hunter2", fix: "Log in." })).toBe(
      "no [secret]\nLog in.",
    );
  });
});

describe("the demo home", () => {
  const demo = createRender({ scrub: (text) => text, demo: true });
  it("says so in every answer", () => {
    expect(demo.answer({ structured: { a: 1 }, text: "One." })).toEqual({
      structured: { a: 1, demo: true },
      text: "DEMO: a simulated home. Nothing here is real.\nOne.",
    });
    expect(JSON.parse(demo.resource({ a: 1 }))).toEqual({ a: 1, demo: true });
    expect(demo.problem({ code: "timeout", message: "Late.", fix: "Wait." })).toBe(
      "DEMO: a simulated home. Nothing here is real.\nLate.\nWait.",
    );
    expect(demo.problem({ code: "timeout", message: "Late.", fix: "Wait.", since: "2027-01-15T14:02:09.000Z" })).toBe(
      "DEMO: a simulated home. Nothing here is real.\nLate. No answer since 2027-01-15 14:02 UTC.\nWait.",
    );
  });
});

describe("the cap of 25,000 tokens", () => {
  it("cuts the longest list and says what was left out and how to get it", () => {
    const containers = Array.from({ length: 2_000 }, (_, at) => ({ name: `container-${at}`, labels: "x".repeat(80) }));
    const answer = render.answer({ structured: { host: "nas", containers, total: 2_000 }, text: "2,000 containers." });
    expect(size(answer)).toBeLessThanOrEqual(100_000);
    const { host, total, cut_short } = answer.structured;
    expect({ host, total }).toEqual({ host: "nas", total: 2_000 });
    expect(cut_short).toMatch(
      /^Left out to stay under 25,000 tokens: containers: the first \d+ of 2000 are here\. Ask for less at a time/,
    );
    expect(answer.text).toBe(`2,000 containers.\n${String(cut_short)}`);
  });

  it("cuts a text that is too long at the end of a line", () => {
    const answer = render.answer({ structured: { a: 1 }, text: "a line of text\n".repeat(5_000) });
    expect(size(answer)).toBeLessThanOrEqual(100_000);
    expect(answer.text).toContain("a line of text\nLeft out to stay under 25,000 tokens: the end of the text.");
  });

  it("closes the fence that it cut open", () => {
    const { text } = render.answer({
      structured: {},
      text: ["a log", "````", "```\na line\n".repeat(5_000), "````"].join("\n"),
    });
    expect(text).toMatch(/a line\n(```\n)?````\nLeft out to stay/);
  });

  it("leaves alone what fits", () => {
    const answer = { structured: { list: ["x".repeat(50_000)] }, text: "short" };
    expect(render.answer(answer)).toEqual(answer);
  });

  it("holds for any answer that is long by its lists and texts", () => {
    const { long } = fc.letrec<{ long: Json }>((tie) => ({
      long: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.integer({ min: 0, max: 60_000 }).map((length) => "é".repeat(length)),
        fc.array(fc.string({ maxLength: 40 }), { maxLength: 400 }),
        fc.array(tie("long"), { maxLength: 6 }),
        fc.record({ a: tie("long"), b: tie("long") }),
      ),
    }));
    fc.assert(
      fc.property(long, fc.integer({ min: 0, max: 60_000 }), (value, length) => {
        const answer = render.answer({ structured: { value }, text: "é\n".repeat(length) });
        expect(size(answer)).toBeLessThanOrEqual(100_000);
        expect(JSON.stringify(answer.structured).isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
