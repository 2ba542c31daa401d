import { fileURLToPath } from "node:url";
import { Client, type ClientOptions, InMemoryTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import type { House } from "../../../src/mcp/house.ts";
import { mcpServer } from "../../../src/mcp/server.ts";

const result = z.looseObject({
  isError: z.boolean().optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
});

interface CallOptions {
  signal?: AbortSignal;
  onprogress?(progress: { progress: number; total?: number | undefined; message?: string | undefined }): void;
}

/** What the tests ask of a client, whichever SDK and era it is. */
export interface Driver {
  instructions(): string | undefined;
  tools(): Promise<{ name: string; annotations?: object | undefined; _meta?: object | undefined }[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<z.output<typeof result>>;
  resources(): Promise<{ uri: string; name: string }[]>;
  templates(): Promise<string[]>;
  read(uri: string): Promise<unknown>;
  complete(ref: Ref, argument: { name: string; value: string }, given?: Record<string, string>): Promise<string[]>;
  prompts(): Promise<{ name: string; arguments?: object[] | undefined }[]>;
  prompt(name: string, args: Record<string, string>): Promise<unknown>;
  /** Answers how to stop. */
  follow(uri: string, changed: (uri: string) => void): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

type Ref = { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string };

const info = { name: "tests", version: "1" };
export const sampleServer = fileURLToPath(new URL("./sample-server.ts", import.meta.url));

export interface Start {
  args: string[];
  env?: Record<string, string>;
}

type Mode = "auto" | "legacy";

/** The current SDK's client and a process of its own; `auto` finds out that the server is modern. */
export async function newClient(mode: Mode, { args, env }: Start): Promise<Driver> {
  const client = new Client(info, { versionNegotiation: { mode } });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, stderr: "ignore", ...(env && { env }) }),
  );
  return driveNew(client);
}

/** The same in this process, over the same entry. */
export async function nearClient(
  mode: Mode,
  house: House,
  prepare: (client: Client) => void = () => {},
  options: ClientOptions = {},
): Promise<Driver> {
  const client = new Client(info, { ...options, versionNegotiation: { mode } });
  prepare(client);
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  serveStdio(mcpServer(house), { transport: theirs });
  await client.connect(ours);
  return driveNew(client);
}

export function driveNew(client: Client): Driver {
  return {
    instructions: () => client.getInstructions(),
    tools: async () => (await client.listTools()).tools,
    call: async (name, args, options = {}) => result.parse(await client.callTool({ name, arguments: args }, options)),
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    read: async (uri) => (await client.readResource({ uri })).contents,
    complete: async (ref, argument, given) =>
      (await client.complete({ ref, argument, ...(given && { context: { arguments: given } }) })).completion.values,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    async follow(uri, changed) {
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => changed(params.uri));
      if (client.getProtocolEra() === "modern") {
        const subscription = await client.listen({ resourceSubscriptions: [uri] });
        return () => subscription.close();
      }
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    close: () => client.close(),
  };
}

/** The first SDK's client, as it stands in today's desktop programs. */
export async function oldClient({ args, env }: Start): Promise<Driver> {
  const client = new OldClient(info);
  await client.connect(
    new OldStdioClientTransport({ command: process.execPath, args, stderr: "ignore", ...(env && { env }) }),
  );
  return {
    instructions: () => client.getInstructions(),
    tools: async () => (await client.listTools()).tools,
    call: async (name, args, options = {}) =>
      result.parse(await client.callTool({ name, arguments: args }, undefined, options)),
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    read: async (uri) => (await client.readResource({ uri })).contents,
    complete: async (ref, argument, given) =>
      (await client.complete({ ref, argument, ...(given && { context: { arguments: given } }) })).completion.values,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    async follow(uri, changed) {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => changed(params.uri));
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    close: () => client.close(),
  };
}
