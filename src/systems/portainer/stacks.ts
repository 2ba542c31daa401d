import { z } from "zod";
import { type PortainerClient, wrongAnswer } from "./client.ts";

const pair = z.object({ name: z.string(), value: z.string() });
const git = z.looseObject({
  ConfigHash: z.string().nullish(),
  ReferenceName: z.string().nullish(),
  Authentication: z.looseObject({ Username: z.string().nullish() }).nullish(),
});
const stackShape = z.object({
  Id: z.int().positive(),
  Name: z.string(),
  /** 1 swarm, 2 compose, 3 Kubernetes */
  Type: z.int(),
  EndpointId: z.int(),
  /** 1 active, 2 inactive, 3 deploying, 4 failed; the last two from 2.3x on. */
  Status: z.int().default(1),
  Env: z.array(pair).nullish(),
  GitConfig: git.nullish(),
  IsDetachedFromGit: z.boolean().optional(),
  Webhook: z.string().optional(),
  Registries: z.array(z.int()).nullish(),
});
const file = z.object({ StackFileContent: z.string() });

/** One of Portainer's stacks. Its variables hold secrets: they go back to Portainer and nowhere else. */
export type Stack = z.infer<typeof stackShape>;

/** What Portainer needs again with every deployment, or forgets: above all the variables, all of them. */
interface Deployment {
  Env: z.infer<typeof pair>[];
  Prune: false;
  PullImage: false;
  RepullImageAndRedeploy: false;
}

export const stacksOf = async (client: PortainerClient, signal?: AbortSignal): Promise<Stack[]> =>
  understood(z.array(stackShape), await client.get("/stacks", signal));

export const stackOf = async (client: PortainerClient, id: number, signal?: AbortSignal): Promise<Stack> =>
  understood(stackShape, await client.get(`/stacks/${id}`, signal));

/** The compose file as Portainer keeps it; of a stack from Git the one that it deployed last. */
export const fileOf = async (client: PortainerClient, { Id }: Stack, signal?: AbortSignal): Promise<string> =>
  understood(file, await client.get(`/stacks/${Id}/file`, signal)).StackFileContent;

/** Has a stack deployed as it is defined, pulling nothing and removing no service. Errors as of `put`. */
export async function deploy(client: PortainerClient, stack: Stack, text: string, signal?: AbortSignal): Promise<void> {
  const { Id, EndpointId, Env, GitConfig, Webhook, Registries } = stack;
  const again: Deployment = { Env: Env ?? [], Prune: false, PullImage: false, RepullImageAndRedeploy: false };
  if (fromGit(stack)) {
    const { ReferenceName, Authentication } = GitConfig ?? {};
    const user = Authentication?.Username;
    await client.put(
      `/stacks/${Id}/git/redeploy?endpointId=${EndpointId}`,
      {
        ...again,
        ...(ReferenceName ? { RepositoryReferenceName: ReferenceName } : {}),
        // Without a password Portainer takes the one it has.
        RepositoryAuthentication: Authentication != null,
        ...(user ? { RepositoryUsername: user } : {}),
      },
      signal,
    );
    return;
  }
  await client.put(
    `/stacks/${Id}?endpointId=${EndpointId}`,
    {
      ...again,
      StackFileContent: text,
      ...(Webhook ? { Webhook } : {}),
      ...(Registries ? { Registries } : {}),
    },
    signal,
  );
}

export const fromGit = ({ GitConfig, IsDetachedFromGit }: Stack) => GitConfig != null && IsDetachedFromGit !== true;

function understood<T extends z.ZodType>(shape: T, answer: unknown): z.output<T> {
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw wrongAnswer("something about its stacks that is not understood", read.error);
}
