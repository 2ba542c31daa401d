import { parse } from "yaml";
import { z } from "zod";
import { composeUp } from "./compose.ts";
import { servicesOf } from "./compose-file.ts";
import type { Engine } from "./engine.ts";
import { type Fields, Refusal } from "./model.ts";

interface Variable {
  name: string;
  value: string;
}

/** A stack as the simulated Portainer keeps it. */
export interface Stack {
  id: number;
  name: string;
  text: string;
  env: Variable[];
  status: 1 | 2 | 3 | 4;
  type: 1 | 2;
  webhook?: string;
  /** Where its file comes from: `head` is what the branch holds now, `deployed` what was taken last. */
  git?: { head: { hash: string; text: string }; deployed: string };
  /** Keys see the stack and not its file. */
  fileHidden?: boolean;
}

export interface Answer {
  status: number;
  body: object;
}

const payload = z.object({
  StackFileContent: z.string().default(""),
  Env: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((env) => env ?? []),
  Webhook: z.string().default(""),
  PullImage: z.boolean().default(false),
});

/** `${NAME}` as compose fills it in: with nothing where nobody says what it is. */
const filled = (text: string, env: readonly Variable[]) =>
  text.replace(/\$\$|\$\{(\w+)\}/g, (said, name: string | undefined) =>
    said === "$$" ? "$" : (env.find((one) => one.name === name)?.value ?? ""),
  );

/** Deploys it where its environment is. Errors: the engine's refusals. */
export function deployStack(engine: Engine, stack: Stack, pull = false): void {
  const file = `/data/compose/${stack.id}/docker-compose.yml`;
  composeUp(engine, { name: stack.name, file, services: servicesOf(parse(filled(stack.text, stack.env))) }, { pull });
  stack.status = 1;
}

function shown({ id, name, env, status, type, webhook, git }: Stack, endpoint: number): Fields {
  return {
    Id: id,
    Name: name,
    Type: type,
    EndpointId: endpoint,
    SwarmId: "",
    EntryPoint: "docker-compose.yml",
    Env: env,
    Status: status,
    ResourceControl: {
      Id: id,
      ResourceId: `${endpoint}_${name}`,
      SubResourceIds: [],
      Type: 6,
      AdministratorsOnly: true,
    },
    ProjectPath: `/data/compose/${id}`,
    CreationDate: 1_700_000_000,
    CreatedBy: "admin",
    UpdateDate: 0,
    UpdatedBy: "",
    FromAppTemplate: false,
    Namespace: "",
    ...(webhook === undefined ? {} : { Webhook: webhook }),
    ...(git === undefined
      ? {}
      : {
          GitConfig: {
            URL: "https://git.example/home.git",
            ReferenceName: "refs/heads/main",
            ConfigFilePath: "docker-compose.yml",
            ConfigHash: git.deployed,
            TLSSkipVerify: false,
            Authentication: { Username: "reader", Password: "" },
          },
        }),
  };
}

const problem = (status: number, message: string): Answer => ({ status, body: { message, details: message } });

/** The stacks' part of Portainer's API. */
export function stacksAnswer(
  { engine, stacks, endpoint }: { engine: Engine; stacks: Stack[]; endpoint: number },
  method: string,
  url: URL,
  body: string,
): Answer {
  const [, number, rest = ""] = /^\/api\/stacks(?:\/(\d+))?(\/.*)?$/.exec(url.pathname) ?? [];
  if (number === undefined) return { status: 200, body: stacks.map((one) => shown(one, endpoint)) };
  const stack = stacks.find(({ id }) => String(id) === number);
  if (stack === undefined) return problem(404, "Unable to find a stack with the specified identifier");
  if (method === "GET" && rest === "") return { status: 200, body: shown(stack, endpoint) };
  if (method === "GET" && rest === "/file")
    return stack.fileHidden === true
      ? problem(403, "Access denied to resource")
      : { status: 200, body: { StackFileContent: stack.text } };
  if (method !== "PUT" || url.searchParams.get("endpointId") !== String(endpoint))
    return problem(400, "Invalid query parameter: endpointId");
  const asked = payload.safeParse(JSON.parse(body));
  if (!asked.success) return problem(400, "Invalid request payload");
  return put(engine, stack, rest, asked.data, endpoint);
}

function put(engine: Engine, stack: Stack, rest: string, asked: z.output<typeof payload>, endpoint: number): Answer {
  if (rest === "" && stack.git !== undefined) return problem(400, "The stack is a Git stack");
  if (rest === "" && asked.StackFileContent === "") return problem(400, "Invalid stack file content");
  if (rest === "/git/redeploy" && stack.git === undefined) return problem(400, "Stack is not created from git");
  if (rest !== "" && rest !== "/git/redeploy") return problem(404, "no such page");
  // What is not sent is forgotten: variables and webhook alike.
  stack.env = asked.Env;
  if (stack.git === undefined) {
    stack.text = asked.StackFileContent;
    if (asked.Webhook === "") delete stack.webhook;
    else stack.webhook = asked.Webhook;
  } else {
    stack.text = stack.git.head.text;
    stack.git.deployed = stack.git.head.hash;
  }
  try {
    deployStack(engine, stack, asked.PullImage);
    return { status: 200, body: shown(stack, endpoint) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: 500, body: { message: `failed to deploy a stack: ${error.message}`, details: error.message } };
  }
}
