import { createHash } from "node:crypto";
import { z } from "zod";
import type { DiskMemory, DiskNotes } from "../analysis/disks/recorded.ts";
import type { AcceptedPort } from "../analysis/exposure/audit.ts";
import type { Exemption } from "../analysis/permissions/exempt.ts";
import type { KeptLimits, KeptLimitsChanges, UseHistory } from "../analysis/quotas/kept.ts";
import type { QuotaProfile } from "../analysis/quotas/profile.ts";
import type { Actions, Gate, Proposal, Risk, Standing, Step, StepRun, Unit } from "../confirm/define.ts";
import type { Clock } from "../shared/clock.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { asJsonObject } from "../shared/json.ts";
import type { AccountChanges, Accounts } from "../systems/accounts/port.ts";
import type { CgroupChanges, Cgroups } from "../systems/cgroup/port.ts";
import type { Docker, DockerChanges } from "../systems/docker/port.ts";
import type { FileChanges, Files } from "../systems/files/port.ts";
import type { Fleet } from "../systems/fleet.ts";
import type { Managers, ManagersChanges } from "../systems/managers/port.ts";
import type { Network, NetworkChanges } from "../systems/network/port.ts";
import type { SecretFileChanges, SecretFiles } from "../systems/secret-files/port.ts";
import type { Smart, SmartChanges } from "../systems/smart/port.ts";
import type { Zfs, ZfsChanges } from "../systems/zfs/port.ts";
import { proposedAnswer, sayPlan } from "./plan-answer.ts";

/** Everything tools can read. A system joins here, in `Changes` if it can be changed, and in steward.ts. */
export interface Systems {
  accounts: Fleet<Accounts>;
  cgroup: Fleet<Cgroups>;
  network: Fleet<Network>;
  keptLimits: KeptLimits;
  useHistory: UseHistory;
  docker: Fleet<Docker>;
  files: Fleet<Files>;
  managers: Managers;
  secretFiles: Fleet<SecretFiles>;
  smart: Fleet<Smart>;
  diskMemory: DiskMemory;
  zfs: Fleet<Zfs>;
}

/** Everything an approved step can change; opened with the gate's proof only. */
export interface Changes {
  accounts: Fleet<AccountChanges>;
  files: Fleet<FileChanges>;
  cgroup: Fleet<CgroupChanges>;
  network: Fleet<NetworkChanges>;
  keptLimits: KeptLimitsChanges;
  docker: Fleet<DockerChanges>;
  managers: ManagersChanges;
  secretFiles: Fleet<SecretFileChanges>;
  smart: Fleet<SmartChanges>;
  zfs: Fleet<ZfsChanges>;
  diskNotes: DiskNotes;
}

export type SystemName = Exclude<keyof Systems, "diskMemory" | "managers" | "keptLimits" | "useHistory">;
export type Toolset = "core" | "docker" | "storage" | "automation";

/** The owner's settings that tools use, from the configuration. */
export interface Settings {
  /** bit/s above which a container's traffic is worth an alert, by container name pattern. */
  bandwidthAlerts: readonly { container: string; bits_per_s: number }[];
  /** How long an updated container may take to become healthy, and how long one without a healthcheck must stay up. */
  update: { health_timeout_s: number; settle_s: number };
  /** What kinds of containers may use at the most; absent: none. */
  quotas?: readonly QuotaProfile[];
  /** The longest that a standing approval may hold; absent: as long as the gate lets it. */
  maxGrantDays?: number;
  /** Ports that may be open; absent: none. */
  acceptedPorts?: readonly AcceptedPort[];
  /** Findings of audits that the owner lives with for now; absent: none. */
  exemptions?: readonly Exemption[];
  /** Id (or its first 12 characters) of the container Home Steward itself runs in; absent outside of one. */
  ownContainer?: string;
}

/** What a call of a tool gets. */
export interface ToolContext {
  systems: Systems;
  settings: Settings;
  clock: Clock;
  signal: AbortSignal;
  gate: Gate;
  progress(done: number, total: number, message: string): void;
}

/** What a tool answers: facts for the model, and the same in a few lines for a person. */
export interface ToolAnswer {
  structured: JsonObject;
  text: string;
}

interface ToolFace {
  name: string;
  title: string;
  description: string;
  toolset: Toolset;
  /** Listed only where all of these are configured. */
  needs: readonly SystemName[];
  input: z.ZodObject;
  output: z.ZodObject;
}

/** A tool as the server registers it. MCP annotations are derived from `kind` (mcp/annotations.ts). */
export interface Tool extends ToolFace {
  kind: "reading" | "planning" | "applying";
  /** Of what a planning tool proposes. */
  risk?: Risk;
  /** `args` is parsed with `input` first. */
  call(args: unknown, context: ToolContext): Promise<ToolAnswer>;
  /** Of a planning tool: how the gate runs its plans. */
  actions?: Actions<Changes, Systems>;
  /** Of a planning tool: what it would propose, for src/watch. `args` is parsed with `input` first. */
  plan?(args: unknown, context: ToolContext): Promise<{ input: JsonObject; proposal: Proposal }>;
}

interface Reading<I extends z.ZodObject, O extends z.ZodObject> extends ToolFace {
  input: I;
  output: O;
  read(input: z.output<I>, context: ToolContext): Promise<z.input<O>>;
  /** The answer in a few lines, problems first. */
  say(output: z.output<O>): string;
}

/** A tool that only reads. */
export function readingTool<I extends z.ZodObject, O extends z.ZodObject>(tool: Reading<I, O>): Tool {
  return { ...tool, kind: "reading", call: answering(tool) };
}

/** One of the gate's own two tools: `get_plan` and `apply_plan`, the only one that can change anything. */
export function gateTool<I extends z.ZodObject, O extends z.ZodObject>(
  tool: Reading<I, O> & { kind: "planning" | "applying" },
): Tool {
  return { ...tool, call: answering(tool) };
}

function answering<I extends z.ZodObject, O extends z.ZodObject>(tool: Reading<I, O>): Tool["call"] {
  return async (args, context) => {
    const output = tool.output.parse(await tool.read(tool.input.parse(args), context));
    return { structured: asJsonObject(output), text: tool.say(output) };
  };
}

interface Changing<I extends z.ZodObject> extends Omit<ToolFace, "output"> {
  risk: Risk;
  input: I;
  /** May only read. Says what would be done; a problem that makes a plan pointless is thrown as a StewardError. */
  plan(input: z.output<I>, context: ToolContext): Promise<Proposal>;
  steps: Readonly<Record<string, Step<Changes, Systems>>>;
  observe(unit: Unit, systems: Systems): Promise<Json>;
  stands(unit: Unit, systems: Systems): Promise<Standing>;
}

/** A tool that plans a change. It can do nothing by itself: its steps run only through the gate. */
export function changingTool<I extends z.ZodObject>(tool: Changing<I>): Tool {
  const { steps, observe, stands, plan, ...face } = tool;
  const propose: NonNullable<Tool["plan"]> = async (args, context) => {
    const input = tool.input.parse(args);
    return { input: asJsonObject(input), proposal: await plan(input, context) };
  };
  return {
    ...face,
    kind: "planning",
    output: proposedAnswer,
    plan: propose,
    actions: { tool: tool.name, schemaHash: schemaHash(tool.input), steps, observe, stands },
    async call(args, context) {
      const { input, proposal } = await propose(args, context);
      const view = await context.gate.propose(tool.name, input, proposal);
      const answer = proposedAnswer.parse({ ...view, approve: await context.gate.whereToApprove(view.plan_id) });
      return { structured: asJsonObject(answer), text: sayPlan(answer) };
    },
  };
}

/** A step whose stored arguments are parsed by a schema before they are used. */
export function step<A extends z.ZodObject>(definition: {
  args: A;
  does(args: z.output<A>, run: StepRun<Changes, Systems>): Promise<JsonObject>;
  undoes(args: z.output<A>, outcome: JsonObject | undefined, run: StepRun<Changes, Systems>): Promise<void>;
}): Step<Changes, Systems> {
  return {
    does: (args, run) => definition.does(definition.args.parse(args), run),
    undoes: (args, outcome, run) => definition.undoes(definition.args.parse(args), outcome, run),
  };
}

function schemaHash(schema: z.ZodObject): string {
  return createHash("sha256")
    .update(JSON.stringify(z.toJSONSchema(schema, { io: "input" })))
    .digest("hex");
}
