import type { CompleteRequest, Server } from "@modelcontextprotocol/server";
import type { ResourceContext } from "../resources/define.ts";
import type { House, Rooms } from "./house.ts";
import { offered, quietContext, quietly } from "./resources.ts";

/** The protocol's most. */
const mostValues = 100;

/** Completes the variables of resources and the arguments of prompts. */
export function serveCompletions(server: Server, house: House): void {
  server.setRequestHandler("completion/complete", async ({ params }, ctx) => {
    const rooms = await house.rooms();
    const context = quietContext(rooms, ctx.mcpReq.signal);
    const all = await quietly(async () => (await completer(params, rooms, house)?.(context)) ?? [], house);
    const values = all.slice(0, mostValues).map(house.render.text);
    return { completion: { values, total: all.length, hasMore: all.length > values.length } };
  });
}

function completer(
  { ref, argument, context }: CompleteRequest["params"],
  { resources, prompts }: Rooms,
  house: House,
): ((context: ResourceContext) => Promise<string[]>) | undefined {
  const { name, value } = argument;
  const given = context?.arguments ?? {};
  if (ref.type === "ref/resource") {
    const resource = offered(resources, house).find(({ template }) => template === ref.uri);
    const complete = resource && Object.hasOwn(resource.complete, name) ? resource.complete[name] : undefined;
    return complete && ((with_) => complete(value, given, with_));
  }
  const prompt = offered(prompts, house).find((one) => one.name === ref.name);
  const wanted = prompt?.arguments.find((one) => one.name === name);
  return async (with_) => wanted?.complete?.(value, given, with_) ?? [];
}
