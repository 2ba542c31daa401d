import { ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { sayError } from "./errors.ts";
import type { House } from "./house.ts";
import { offered, quietContext } from "./resources.ts";

/** Lists and writes the prompts whose systems are configured. */
export function servePrompts(server: Server, house: House): void {
  server.setRequestHandler("prompts/list", async () => {
    const { prompts } = await house.rooms();
    return {
      prompts: offered(prompts, house).map(({ name, title, description, arguments: all }) => ({
        name,
        title,
        description,
        arguments: all.map(({ name, description, required }) => ({ name, description, required })),
      })),
    };
  });
  server.setRequestHandler("prompts/get", async ({ params }, ctx) => {
    const rooms = await house.rooms();
    const prompt = offered(rooms.prompts, house).find(({ name }) => name === params.name);
    const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    if (!prompt) throw invalid("There is no prompt of that name.");
    const given = params.arguments ?? {};
    const missing = prompt.arguments.filter(({ name, required }) => required && given[name] === undefined);
    if (missing.length > 0)
      throw invalid(`These arguments are missing: ${missing.map(({ name }) => name).join(", ")}.`);
    try {
      const text = await prompt.render(given, quietContext(rooms, ctx.mcpReq.signal));
      const content = { type: "text" as const, text: house.render.text(text) };
      return { description: prompt.description, messages: [{ role: "user" as const, content }] };
    } catch (error) {
      throw invalid(house.render.problem(sayError(error, `the prompt ${prompt.name} failed`, house.log)));
    }
  });
}
