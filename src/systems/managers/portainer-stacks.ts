import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { StewardError } from "../../shared/errors.ts";
import { deploy, fileOf, fromGit, type PortainerClient, type Stack, stackOf, stacksOf } from "../portainer/index.ts";
import type { DefinitionChanges, FileManager, Project, ProjectRef } from "./port.ts";

const states: Readonly<Record<number, Project["state"]>> = { 2: "stopped", 3: "deploying", 4: "broken" };
const lookAgain_ms = 1_000;
const giveUpAfter_ms = 10 * 60_000;

/** The stacks of one Portainer that it deploys with compose. */
export function portainerStacks(client: PortainerClient): FileManager {
  return {
    keeps: () => true,
    definition: async (ref, signal) => (await find(client, ref, signal)).text,
    async read(ref, signal) {
      const { stack, text } = await find(client, ref, signal);
      return {
        state: states[stack.Status] ?? "running",
        busy: stack.Status === 3,
        deployed: markOf(stack, text),
        ...(fromGit(stack) && { from_git: true as const }),
        notes: fromGit(stack)
          ? [
              "Its file comes from a Git repository: what that holds by then is deployed with it. Where that is not what is " +
                "deployed now, the update is not called done, and the older file can't be brought back from here.",
            ]
          : [],
      };
    },
  };
}

export function portainerStackChanges(client: PortainerClient, clock: Clock = systemClock): DefinitionChanges {
  async function deployed(stack: Stack, text: string, signal?: AbortSignal): Promise<void> {
    await deploy(client, stack, text, signal);
    // Newer releases answer when they have begun.
    const until = clock.monotonic() + giveUpAfter_ms;
    for (;;) {
      const { Status } = await stackOf(client, stack.Id, signal);
      if (Status === 4)
        throw new StewardError("conflict", "Portainer could not deploy the stack.", "Its page of the stack says why.");
      if (Status !== 3) return;
      if (clock.monotonic() > until)
        throw new StewardError("conflict", "Portainer is still deploying the stack.", "Look at it in Portainer.");
      await clock.sleep(lookAgain_ms, signal);
    }
  }
  return {
    async redeploy(ref, { signal }) {
      const { stack, text } = await find(client, ref, signal);
      await deployed(stack, text, signal);
    },
    async deploy(ref, text, { signal }) {
      const { stack } = await find(client, ref, signal);
      if (fromGit(stack))
        throw new StewardError(
          "unsupported",
          "The file of this stack comes from a Git repository.",
          "Change it there.",
        );
      await deployed(stack, text, signal);
    },
  };
}

/** By the number in its containers' labels, and by its name: numbers of one Portainer mean nothing to another. */
async function find(client: PortainerClient, ref: ProjectRef, signal?: AbortSignal) {
  const number = ref.files
    .map((file) => /^\/data\/compose\/(\d+)\//.exec(file)?.[1])
    .find((found) => found !== undefined);
  const stack = (await stacksOf(client, signal)).find(({ Id, Name }) => String(Id) === number && Name === ref.project);
  if (stack === undefined)
    throw new StewardError(
      "not_found",
      "Portainer shows no such stack to this API key.",
      "Give its user access to the stack, or check that this is the Portainer that made it.",
    );
  if (stack.Type !== 2)
    throw new StewardError(
      "unsupported",
      "This stack is not one that Portainer deploys with compose.",
      "Use Portainer.",
    );
  return { stack, text: await textOf(client, stack, signal) };
}

async function textOf(client: PortainerClient, stack: Stack, signal?: AbortSignal): Promise<string> {
  try {
    return await fileOf(client, stack, signal);
  } catch (error) {
    if (!(error instanceof StewardError) || (error.code !== "refused" && error.code !== "not_found")) throw error;
    throw new StewardError(
      "unsupported",
      "Portainer does not show the file of this stack, and without it nothing can be deployed as it is.",
      "Give the user of its API key access to the stack, or update it in Portainer.",
      { cause: error },
    );
  }
}

/** Of what a deployment is made of, variables included: two that are alike deploy the same. */
function markOf({ Env, GitConfig }: Stack, text: string): string {
  const variables = (Env ?? []).map(({ name, value }) => [name, value]);
  const made = JSON.stringify([text, variables, GitConfig?.ConfigHash ?? null]);
  return `sha256:${createHash("sha256").update(made).digest("hex")}`;
}
