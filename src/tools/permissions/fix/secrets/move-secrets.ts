import { managedBy } from "../../../../analysis/containers/managed-by.ts";
import type { Subject, Surroundings } from "../../../../analysis/permissions/finding.ts";
import type { MovedSecret, NewUser } from "../../../../analysis/permissions/fix/rework.ts";
import { havingFolder, movable } from "../../../../analysis/permissions/fix/secret-files.ts";
import { listed } from "../../../../analysis/permissions/listed.ts";
import { nameOf } from "../../../../analysis/updates/dependants.ts";
import type { Unit } from "../../../../confirm/define.ts";
import { StewardError } from "../../../../shared/errors.ts";
import type { ToolContext } from "../../../define.ts";
import { secretStep } from "./steps.ts";

/** The secrets that move, and what goes along with them. */
interface MovedSecrets {
  moved: MovedSecret[];
  /** Their files are written. */
  before: Unit["steps"][number][];
  changes: string[];
  warnings: string[];
}

/**
 * Which secrets of a container move from its environment into files, and the steps that write these; or why none does: the
 * part of a sentence after "because".
 *
 * @param user whom it becomes by the same plan, who has to be able to read them then
 */
export async function moveSecrets(
  host: string,
  subject: Subject,
  user: NewUser | null,
  around: Surroundings,
  { systems, signal }: ToolContext,
): Promise<MovedSecrets | { why: string }> {
  const name = nameOf(subject.container);
  if (!systems.secretFiles.hosts.includes(host))
    return { why: "no folder for secrets is configured: add secrets_folder to the host" };
  const { security_options: engine } = around;
  const remaps = engine.includes("userns") && subject.container.HostConfig.UsernsMode !== "host";
  if (remaps || engine.includes("rootless"))
    return { why: "its engine gives containers other user numbers than the machine's" };
  const { system: files } = systems.secretFiles.one(host);
  const having = havingFolder(files.folder, around.subjects);
  if (having.open.length > 0)
    return { why: `the folder for secrets is open to ${listed(having.open)}, which have it or one above it mounted` };

  const { moved, left } = movable(subject, user, files.folder);
  const taken: string[] = [];
  for (const { variable, file } of moved) {
    const standing = await files.look(file, signal).catch(refusal);
    if ("why" in standing) return standing;
    if (standing.is === "there") taken.push(variable);
  }
  const going = moved.filter(({ variable }) => !taken.includes(variable));
  const staying = [...left, ...taken.map((variable) => `${variable} stays: a file of that name is there already`)];
  if (going.length === 0) return { why: staying.join("; ") || "none of its variables holds a secret" };
  return {
    moved: going.map(({ reader: _, ...secret }) => secret),
    before: going.map((secret) => secretStep(host, name, secret)),
    changes: going.map(({ variable, file }) => `${name}: the value of ${variable} moves into ${file}`),
    warnings: [
      ...staying.map((why) => `${name}: ${why}.`),
      ...having.readable.map(
        (other) => `${other} has a folder above the one for secrets mounted read-only, and sees it.`,
      ),
      ...stillKept(subject, going),
    ],
  };
}

/** Where a value may stand besides the container's environment, which no plan reaches. */
function stillKept({ container }: Subject, moved: readonly MovedSecret[]): string[] {
  const name = nameOf(container);
  const variables = listed(moved.map(({ variable }) => variable));
  const { by } = managedBy(container.Config.Labels);
  if (by === "portainer")
    return [
      `${name}: what Portainer keeps as the stack's own variables stays there; delete there what held ${variables}.`,
    ];
  if (by === "compose")
    return [
      `${name}: where its compose file takes ${variables} from an .env file, the value stays in that; delete it there.`,
    ];
  return [];
}

/** A folder that can't be used is a reason; a machine that does not answer is an error. */
function refusal(error: unknown): { why: string } {
  if (error instanceof StewardError && (error.code === "refused" || error.code === "not_found"))
    return { why: `${error.message.charAt(0).toLowerCase()}${error.message.slice(1).replace(/\.$/, "")}` };
  throw error;
}
