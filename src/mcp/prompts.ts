import { completable, type McpServer, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Prompt, PromptArgument } from "../prompts/define.ts";
import { sayError } from "./errors.ts";
import type { House } from "./house.ts";
import { contextOf, quietly } from "./resources.ts";

/** Registers the prompts whose systems are configured. */
export function registerPrompts(mcp: McpServer, house: House): void {
  for (const prompt of house.prompts) {
    if (!prompt.needs.every((system) => house.offering.configured.includes(system))) continue;
    const { name, title, description } = prompt;
    const argsSchema = z.object(Object.fromEntries(prompt.arguments.map((one) => [one.name, argument(one, house)])));
    mcp.registerPrompt(name, { title, description, argsSchema }, async (args, ctx) => {
      const text = await render(prompt, args, house, ctx.mcpReq.signal);
      return { description, messages: [{ role: "user", content: { type: "text", text } }] };
    });
  }
}

function argument({ description, required, complete }: PromptArgument, house: House): z.ZodType {
  const text = z.string().describe(description);
  const said = complete
    ? completable(text, (typed, given) =>
        quietly(() => complete(typed, given?.arguments ?? {}, contextOf(house)), house),
      )
    : text;
  return required ? said : said.optional();
}

async function render(prompt: Prompt, args: Record<string, unknown>, house: House, signal: AbortSignal) {
  try {
    const given = z.record(z.string(), z.string()).parse(args);
    return house.render.text(await prompt.render(given, contextOf(house, signal)));
  } catch (error) {
    const problem = house.render.problem(sayError(error, `the prompt ${prompt.name} failed`, house.log));
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, problem);
  }
}
