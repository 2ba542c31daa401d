import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { generatedPages } from "../../scripts/docs/pages.ts";
import { toolsPage } from "../../scripts/docs/tools-page.ts";
import { readingTool } from "../../src/tools/define.ts";

test.each(Object.entries(generatedPages()))("%s is up to date (npm run docs)", (path, page) => {
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(page);
});

describe("a tool's page", () => {
  const tool = readingTool({
    name: "get_weather",
    title: "Weather at home",
    description: "Says what the weather is.",
    toolset: "core",
    needs: [],
    input: z.strictObject({
      place: z.string().describe("Where | when"),
      days: z.int().min(1).max(7).default(3).describe("How many days"),
      units: z.enum(["c", "f"]).optional().describe("Units"),
      hosts: z.array(z.string()).optional().describe("Hosts"),
    }),
    output: z.object({ temperature_c: z.number(), hours: z.array(z.object({ at: z.string(), rain_mm: z.number() })) }),
    read: async () => ({ temperature_c: 20, hours: [] }),
    say: ({ temperature_c }) => `${temperature_c} °C`,
  });

  test("says the arguments with type, presence and meaning, and what is answered", () => {
    const page = toolsPage([tool]);
    expect(page.slice(page.indexOf("| Tool"))).toBe(`| Tool |  | What it does |
| --- | --- | --- |
| [\`get_weather\`](#get_weather) | Weather at home | reads |

## get_weather

**Weather at home.** Says what the weather is.

| Argument | Type |  |  |
| --- | --- | --- | --- |
| \`place\` | string | required | Where \\| when |
| \`days\` | integer, 1 to 7 | default \`3\` | How many days |
| \`units\` | \`c\`, \`f\` | optional | Units |
| \`hosts\` | list of string | optional | Hosts |

Answer: \`temperature_c\`, \`hours\` (\`at\`, \`rain_mm\`).
`);
  });
});
