import {
  acceptedContent,
  completable,
  createRequestStateCodec,
  inputRequired,
  McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { embedded, image, redPixelPng, text } from "./fixture-content.ts";
import {
  registerAskingTools,
  registerPlainTools,
  registerStatefulTools,
  registerTalkingTools,
} from "./fixture-tools.ts";

/**
 * A server with the tools, resources and prompts that the official conformance scenarios ask for by name. It exists
 * for the tests only: what is tested with it is our transport code and the SDK as we wire it.
 */
export function fixtureFactory(): () => McpServer {
  const codec = createRequestStateCodec<number>({ key: "a key of a test, of thirty-two bytes or more" });
  return () => {
    const server = new McpServer(
      { name: "conformance-fixture", version: "1.0.0" },
      {
        capabilities: {
          logging: {},
          completions: {},
          // As the real server: its lists don't change while it runs.
          tools: { listChanged: false },
          prompts: { listChanged: false },
          resources: { subscribe: true, listChanged: false },
        },
        requestState: { verify: codec.verify },
      },
    );
    registerPlainTools(server);
    registerTalkingTools(server);
    registerAskingTools(server);
    registerStatefulTools(server, codec);
    registerResources(server);
    registerPrompts(server);
    return server;
  };
}

function registerResources(server: McpServer): void {
  // In the 2025 era a server keeps the subscriptions itself; the suite only asks that they are accepted.
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
  const plain = { mimeType: "text/plain", description: "A resource of the tests" };
  server.registerResource("static-text", "test://static-text", plain, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("watched", "test://watched-resource", plain, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "Watched." }],
  }));
  server.registerResource(
    "static-binary",
    "test://static-binary",
    { mimeType: "image/png", description: "A resource of the tests" },
    ({ href }) => ({ contents: [{ uri: href, mimeType: "image/png", blob: redPixelPng }] }),
  );
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { mimeType: "application/json", description: "A template of the tests" },
    ({ href }, { id }) => ({
      contents: [
        {
          uri: href,
          mimeType: "application/json",
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  );
}

function registerPrompts(server: McpServer): void {
  const user = <C>(content: C) => ({ role: "user" as const, content });
  server.registerPrompt("test_simple_prompt", { description: "One line" }, () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "Two arguments",
      argsSchema: z.object({ arg1: completable(z.string(), () => ["test", "testing"]), arg2: z.string() }),
    },
    ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "Embeds a resource", argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        user(embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
        user(text("Please process the embedded resource above.")),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "Shows an image" }, () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
  const context = z.object({ context: z.string() });
  server.registerPrompt("test_input_required_result_prompt", { description: "Asks first" }, (ctx) => {
    const given = acceptedContent(ctx.mcpReq.inputResponses, "user_context", context);
    if (given) return { messages: [user(text(`The context is: ${given.context}`))] };
    return inputRequired({
      inputRequests: {
        user_context: inputRequired.elicit({
          message: "What context should the prompt use?",
          requestedSchema: context,
        }),
      },
    });
  });
}
