import {
  acceptedContent,
  type InputRequests,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { audio, embedded, image, said, text } from "./fixture-content.ts";

/** What a request of the modern era says of its client (the SDK types it as an empty object). */
const envelope = z.object({
  "io.modelcontextprotocol/logLevel": z.string().optional(),
  "io.modelcontextprotocol/clientCapabilities": z
    .object({ sampling: z.looseObject({}).optional(), elicitation: z.looseObject({}).optional() })
    .optional(),
});

const named = z.object({ name: z.string() });
const coloured = z.object({ color: z.string() });
const confirmed = z.object({ ok: z.boolean() });
const person = z.object({ username: z.string(), email: z.string() });

const askName = inputRequired.elicit({ message: "What is your name?", requestedSchema: named });
const askOk = inputRequired.elicit({ message: "Please confirm", requestedSchema: confirmed });
const askModel = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: text(words) }], maxTokens });

/** Tools that answer at once. */
export function registerPlainTools(server: McpServer): void {
  server.registerTool("test_simple_text", { description: "Answers a line of text" }, () =>
    said("This is a simple text response for testing."),
  );
  server.registerTool("test_image_content", { description: "Answers an image" }, () => ({ content: [image] }));
  server.registerTool("test_audio_content", { description: "Answers a sound" }, () => ({ content: [audio] }));
  server.registerTool("test_embedded_resource", { description: "Answers a resource" }, () => ({
    content: [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
  }));
  server.registerTool("test_multiple_content_types", { description: "Answers text, image and resource" }, () => ({
    content: [
      text("Multiple content types test:"),
      image,
      embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  }));
  server.registerTool("test_error_handling", { description: "Always fails" }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
}

/** Tools that send something before they answer. */
export function registerTalkingTools(server: McpServer): void {
  server.registerTool("test_tool_with_logging", { description: "Logs three lines" }, async (ctx) => {
    for (const line of ["started", "processing data", "completed"]) await ctx.mcpReq.log("info", `Tool ${line}`);
    return said("Three lines were logged.");
  });
  // The modern era logs only for a request that names a level.
  server.registerTool("test_logging_tool", { description: "Logs if the request asks for it" }, async (ctx) => {
    const asked = envelope.parse(ctx.mcpReq.envelope ?? {})["io.modelcontextprotocol/logLevel"];
    if (asked !== undefined) await ctx.mcpReq.log("info", "logged");
    return said("Logged if asked.");
  });
  server.registerTool("test_tool_with_progress", { description: "Reports progress three times" }, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100])
      await ctx.mcpReq.notify({
        method: "notifications/progress",
        params: { progressToken, progress, total: 100 },
      });
    return said("Done.");
  });
}

/** Tools that ask the client something; one handler serves both eras. */
export function registerAskingTools(server: McpServer): void {
  server.registerTool(
    "test_sampling",
    { description: "Asks the client's model", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, ctx) => {
      const answer = inputResponse(ctx.mcpReq.inputResponses, "answer");
      if (answer.kind !== "sampling") return inputRequired({ inputRequests: { answer: askModel(prompt, 100) } });
      return said(`LLM response: ${JSON.stringify(answer.result.content)}`);
    },
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks for a name and an address", inputSchema: z.object({ message: z.string() }) },
    ({ message }, ctx) => {
      const answer = inputResponse(ctx.mcpReq.inputResponses, "person");
      if (answer.kind === "missing")
        return inputRequired({
          inputRequests: { person: inputRequired.elicit({ message, requestedSchema: person }) },
        });
      return said(`User response: ${JSON.stringify(answer)}`);
    },
  );
  asking(server, "test_elicitation_sep1034_defaults", {
    form: inputRequired.elicit({
      message: "Please review and update the form fields with defaults",
      requestedSchema: {
        type: "object",
        properties: {
          name: { type: "string", default: "John Doe" },
          age: { type: "integer", default: 30 },
          score: { type: "number", default: 95.5 },
          status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
          verified: { type: "boolean", default: true },
        },
      },
    }),
  });
  const titled = ["First", "Second", "Third"];
  asking(server, "test_elicitation_sep1330_enums", {
    form: inputRequired.elicit({
      message: "Please choose",
      requestedSchema: {
        type: "object",
        properties: {
          untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
          titledSingle: {
            type: "string",
            oneOf: titled.map((word, n) => ({ const: `value${n + 1}`, title: `${word} Option` })),
          },
          legacyEnum: {
            type: "string",
            enum: ["opt1", "opt2", "opt3"],
            enumNames: ["Option One", "Option Two", "Option Three"],
          },
          untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
          titledMulti: {
            type: "array",
            items: { anyOf: titled.map((word, n) => ({ const: `value${n + 1}`, title: `${word} Choice` })) },
          },
        },
      },
    }),
  });
  asking(server, "test_streaming_elicitation", { form: askOk });
  asking(server, "test_missing_capability", { answer: askModel("Say hello", 10) });
  asking(server, "test_input_required_result_elicitation", { user_name: askName });
  asking(server, "test_input_required_result_sampling", {
    capital_question: askModel("What is the capital of France?", 100),
  });
  asking(server, "test_input_required_result_list_roots", { client_roots: inputRequired.listRoots() });
  server.registerTool("test_input_required_result_capabilities", { description: "Asks what the client can" }, (ctx) => {
    const can = envelope.parse(ctx.mcpReq.envelope ?? {})["io.modelcontextprotocol/clientCapabilities"];
    const requests: InputRequests = {};
    if (can?.sampling) requests.greeting = askModel("Generate a greeting", 50);
    if (can?.elicitation) requests.user_name = askName;
    return Object.keys(requests).length > 0 ? inputRequired({ inputRequests: requests }) : said("Nothing to ask.");
  });
}

/** Tools whose question carries sealed state. */
export function registerStatefulTools(server: McpServer, codec: RequestStateCodec<number>): void {
  for (const name of ["test_input_required_result_request_state", "test_input_required_result_tampered_state"])
    server.registerTool(name, { description: "Asks once, with state" }, async (ctx) =>
      acceptedContent(ctx.mcpReq.inputResponses, "confirm", confirmed) && ctx.mcpReq.requestState<number>() === 1
        ? said("state-ok")
        : inputRequired({ inputRequests: { confirm: askOk }, requestState: await codec.mint(1) }),
    );
  server.registerTool(
    "test_input_required_result_multiple_inputs",
    { description: "Asks three things" },
    async (ctx) =>
      ctx.mcpReq.requestState<number>() === 1
        ? said("Thank you for all three.")
        : inputRequired({
            inputRequests: {
              user_name: askName,
              greeting: askModel("Generate a greeting", 50),
              client_roots: inputRequired.listRoots(),
            },
            requestState: await codec.mint(1),
          }),
  );
  server.registerTool("test_input_required_result_multi_round", { description: "Asks twice" }, async (ctx) => {
    const { inputResponses, requestState } = ctx.mcpReq;
    if (requestState<number>() === 2 && acceptedContent(inputResponses, "step2", coloured)) return said("Two rounds.");
    if (requestState<number>() === 1 && acceptedContent(inputResponses, "step1", named))
      return inputRequired({
        inputRequests: {
          step2: inputRequired.elicit({ message: "Step 2: What is your favorite color?", requestedSchema: coloured }),
        },
        requestState: await codec.mint(2),
      });
    return inputRequired({
      inputRequests: {
        step1: inputRequired.elicit({ message: "Step 1: What is your name?", requestedSchema: named }),
      },
      requestState: await codec.mint(1),
    });
  });
}

/** A tool that asks until every question has an answer that fits, and then says what it got. */
function asking(server: McpServer, name: string, requests: InputRequests): void {
  server.registerTool(name, { description: "Asks the client and says what it answered" }, (ctx) => {
    const answers = Object.keys(requests).map((key) => inputResponse(ctx.mcpReq.inputResponses, key));
    const unanswered =
      answers.some((answer) => answer.kind === "missing") || !fits(requests, ctx.mcpReq.inputResponses);
    return unanswered ? inputRequired({ inputRequests: requests }) : said(JSON.stringify(answers));
  });
}

function fits(requests: InputRequests, responses: Record<string, unknown> | undefined): boolean {
  if (!("user_name" in requests)) return true;
  const answer = inputResponse(responses, "user_name");
  return answer.kind !== "elicit" || answer.action !== "accept" || named.safeParse(answer.content).success;
}
