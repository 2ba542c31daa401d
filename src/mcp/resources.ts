import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type Variables as UriVariables,
} from "@modelcontextprotocol/server";
import type { Resource, ResourceContext, Variables } from "../resources/define.ts";
import { StewardError } from "../shared/errors.ts";
import { sayError } from "./errors.ts";
import type { House } from "./house.ts";

const mimeType = "application/json";

/** Registers the resources whose systems are configured. */
export function registerResources(mcp: McpServer, house: House): void {
  for (const resource of house.resources) {
    if (!resource.needs.every((system) => house.offering.configured.includes(system))) continue;
    const { name, title, description } = resource;
    mcp.registerResource(
      name,
      templateOf(resource, house),
      { title, description, mimeType },
      async (uri, given, ctx) => {
        try {
          const json = await resource.read(decoded(given), contextOf(house, ctx.mcpReq.signal));
          return { contents: [{ uri: uri.href, mimeType, text: house.render.resource(json) }] };
        } catch (error) {
          throw asProtocolError(error, uri.href, house);
        }
      },
    );
  }
}

function templateOf(resource: Resource, house: House): ResourceTemplate {
  const completions = Object.entries(resource.complete).map(([variable, complete]) => [
    variable,
    (typed: string, given?: { arguments?: Record<string, string> }) =>
      quietly(() => complete(typed, given?.arguments ?? {}, contextOf(house)), house),
  ]);
  return new ResourceTemplate(resource.template, {
    complete: Object.fromEntries(completions),
    list: async (ctx) => {
      // A system that is down hides its own resources, not the others.
      const entries = await quietly(() => resource.list(contextOf(house, ctx.mcpReq.signal)), house);
      return {
        resources: entries.map(({ uri, name, description }) => ({
          uri,
          name: house.render.text(name),
          mimeType,
          ...(description === undefined ? {} : { description: house.render.text(description) }),
        })),
      };
    },
  });
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

export function contextOf(house: House, signal = new AbortController().signal): ResourceContext {
  return house.context({ signal, progress: () => {} });
}

function decoded(given: UriVariables): Variables {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, decodeURIComponent([value].flat().join(","))]),
  );
}

function asProtocolError(error: unknown, uri: string, house: House): Error {
  if (error instanceof StewardError && error.code === "not_found") return new ResourceNotFoundError(uri);
  const problem = sayError(error, "reading a resource failed", house.log);
  return new ProtocolError(ProtocolErrorCode.InternalError, house.render.problem(problem));
}
