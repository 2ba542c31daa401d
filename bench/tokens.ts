import { z } from "zod";
import type { Figure } from "./measure.ts";

const listed = z.array(z.looseObject({ name: z.string(), description: z.string(), inputSchema: z.unknown() }));

/** The roadmap's tools, and what they may cost a model together. */
const roadmapTools = 45;
const modelTokens = 6_000;
const listTokens = 16_000;

/** Tokens as bytes / 4. A model sees name, description and input schema; tools/list also carries what clients keep. */
export function measureTokens(toolsList: unknown): Figure[] {
  const tools = listed.parse(toolsList);
  const tokens = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) / 4;
  const seen = tools.map(({ name, description, inputSchema }) => tokens({ name, description, inputSchema }));
  const total = seen.reduce((sum, one) => sum + one, 0);
  const share = tools.length / roadmapTools;
  return [
    {
      what: `${tools.length} tools as a model sees them`,
      value: total,
      unit: "tokens",
      target: Math.round(modelTokens * share),
    },
    {
      what: "… on average",
      value: total / tools.length,
      unit: "tokens",
      target: Math.floor(modelTokens / roadmapTools),
    },
    { what: "… the dearest", value: Math.max(...seen), unit: "tokens", target: 160 },
    { what: "whole tools/list", value: tokens({ tools }), unit: "tokens", target: Math.round(listTokens * share) },
  ];
}
