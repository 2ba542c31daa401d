import { describe, expect, it } from "vitest";
import { z } from "zod";
import { annotationsOf, metaOf } from "../../src/mcp/annotations.ts";
import { instructionsFor } from "../../src/mcp/instructions.ts";
import { listTool } from "../../src/mcp/listing.ts";
import { type Offering, whyNotOffered } from "../../src/mcp/offer.ts";
import { readingTool, type Tool } from "../../src/tools/define.ts";

const sample = readingTool({
  name: "get_sample",
  title: "Sample",
  description: "Answers a sample.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({ host: z.string().optional() }),
  output: z.object({ at: z.string() }),
  read: async () => ({ at: "now" }),
  say: ({ at }) => at,
});
const planning: Tool = { ...sample, kind: "planning" };
const applying: Tool = { ...sample, kind: "applying" };

describe("annotations follow from the kind", () => {
  it.each([
    [sample, { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    [planning, { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false }],
    [applying, { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false }],
  ])("%#", (tool, hints) => {
    expect(annotationsOf(tool)).toEqual({ title: "Sample", ...hints });
  });

  it("only the applying tool asks the person at every call", () => {
    expect([sample, planning, applying].map(metaOf)).toEqual([
      undefined,
      undefined,
      { "anthropic/requiresUserInteraction": true },
    ]);
  });
});

it("lists a tool with both schemas, without what every reader assumes", () => {
  expect(listTool(sample)).toEqual({
    name: "get_sample",
    title: "Sample",
    description: "Answers a sample.",
    inputSchema: { type: "object", properties: { host: { type: "string" } }, additionalProperties: false },
    outputSchema: {
      type: "object",
      properties: { at: { type: "string" }, demo: { type: "boolean" }, cut_short: { type: "string" } },
      required: ["at"],
      additionalProperties: false,
    },
    annotations: {
      title: "Sample",
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  });
});

describe("what is offered", () => {
  const all: Offering = { configured: ["docker"], toolsets: ["core", "docker"], readOnly: false };
  it.each([
    [sample, all, null],
    [sample, { ...all, configured: [] }, "No docker is configured."],
    [sample, { ...all, toolsets: ["core"] }, "The toolset docker is switched off."],
    [sample, { ...all, readOnly: true }, null],
    [planning, { ...all, readOnly: true }, "Home Steward is read-only here."],
    [applying, { ...all, readOnly: true }, "Home Steward is read-only here."],
  ] satisfies [Tool, Offering, string | null][])("%#", (tool, offering, why) => {
    expect(whyNotOffered(tool, offering)?.message ?? null).toBe(why);
  });
});

it.each([[{ demo: true, readOnly: false, configured: [] }], [{ demo: false, readOnly: true, configured: ["docker"] }]])(
  "the instructions stay under 2,048 characters: %j",
  (state) => {
    expect(instructionsFor(state).length).toBeLessThan(2_048);
  },
);
