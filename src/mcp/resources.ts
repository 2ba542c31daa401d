import {
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
  UriTemplate,
} from "@modelcontextprotocol/server";
import type { Resource, ResourceContext, Variables } from "../resources/define.ts";
import { StewardError } from "../shared/errors.ts";
import { sayError } from "./errors.ts";
import type { House, Rooms } from "./house.ts";

const mimeType = "application/json";

/**
 * Lists and reads the resources whose systems are configured. What a modern client listens to only the SDK knows, so
 * what it read is followed for it; an older one subscribes by name.
 */
export function serveResources(server: Server, house: House, era: McpRequestContext["era"]): void {
  const { text } = house.render;
  server.setRequestHandler("resources/templates/list", async () => {
    const { resources } = await house.rooms();
    return {
      resourceTemplates: offered(resources, house).map(({ name, title, description, template }) => ({
        name,
        title,
        description,
        uriTemplate: template,
        mimeType,
      })),
    };
  });
  server.setRequestHandler("resources/list", async (_request, ctx) => {
    const rooms = await house.rooms();
    const context = quietContext(rooms, ctx.mcpReq.signal);
    // A system that is down hides its own resources, not the others.
    const lists = offered(rooms.resources, house).map((resource) => quietly(() => resource.list(context), house));
    const entries = (await Promise.all(lists)).flat();
    return {
      resources: entries.map(({ uri, name, description }) => ({
        uri,
        name: text(name),
        mimeType,
        ...(description === undefined ? {} : { description: text(description) }),
      })),
    };
  });
  server.setRequestHandler("resources/read", async ({ params: { uri } }, ctx) => {
    const rooms = await house.rooms();
    const found = find(offered(rooms.resources, house), uri);
    if (!found) throw new ResourceNotFoundError(uri);
    try {
      const json = await found.resource.read(found.variables, quietContext(rooms, ctx.mcpReq.signal));
      if (found.resource.mark && era === "modern") house.resourceWasRead(uri);
      return { contents: [{ uri, mimeType, text: house.render.resource(json) }] };
    } catch (error) {
      if (error instanceof StewardError && error.code === "not_found") throw new ResourceNotFoundError(uri);
      const problem = sayError(error, "reading a resource failed", house.log);
      throw new ProtocolError(ProtocolErrorCode.InternalError, house.render.problem(problem));
    }
  });
}

/** What of a resource has to change before listeners are told, as text; undefined for one that is not looked at. */
export async function markOf(resources: readonly Resource[], uri: string, context: ResourceContext) {
  const found = find(resources, uri);
  const mark = await found?.resource.mark?.(found.variables, context);
  return mark === undefined || mark === null ? undefined : JSON.stringify(mark);
}

/** Those whose systems are all configured. */
export function offered<T extends Pick<Resource, "needs">>(all: readonly T[], { offering }: House): T[] {
  return all.filter(({ needs }) => needs.every((system) => offering.configured.includes(system)));
}

/** The answer, or nothing where there is none: lists and completions are no place for errors. */
export async function quietly<T>(ask: () => Promise<T[]>, house: House): Promise<T[]> {
  try {
    return await ask();
  } catch (error) {
    house.log.debug(`left out of a list: ${sayError(error, "a list", house.log).message}`);
    return [];
  }
}

/** What a read gets: nobody is told of its progress. */
export const quietContext = (rooms: Rooms, signal: AbortSignal) => rooms.context({ signal, progress: () => {} });

function find(resources: readonly Resource[], uri: string): { resource: Resource; variables: Variables } | undefined {
  for (const resource of resources) {
    const variables = new UriTemplate(resource.template).match(uri);
    if (!variables) continue;
    const decoded = Object.entries(variables).map(([name, value]) => [name, decode([value].flat().join(","))]);
    return { resource, variables: Object.fromEntries(decoded) };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
