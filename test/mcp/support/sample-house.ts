import { z } from "zod";
import type { Gate, PlanView } from "../../../src/confirm/define.ts";
import type { House } from "../../../src/mcp/house.ts";
import { instructionsFor } from "../../../src/mcp/instructions.ts";
import type { Offering } from "../../../src/mcp/offer.ts";
import { createRender } from "../../../src/mcp/render.ts";
import { createScrub } from "../../../src/mcp/scrub.ts";
import type { Prompt } from "../../../src/prompts/define.ts";
import type { Resource } from "../../../src/resources/define.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { StewardError } from "../../../src/shared/errors.ts";
import { createLog } from "../../../src/shared/log.ts";
import { gateTool, readingTool, type Tool } from "../../../src/tools/define.ts";
import { noSystems } from "../../support/no-systems.ts";

const secret = "hunter2-hunter2";
export const pageUrl = "http://127.0.0.1:8471/plans/p-1";

const face = { toolset: "core", needs: [], description: "A tool of the tests." } as const;

/** A house whose tools show what the edge does with them. */
export function sampleHouse(options: { offering?: Partial<Offering>; writeLog?(line: string): void } = {}): House {
  const listeners = new Set<(uri: string) => void>();
  let aborted = 0;
  let applied = 0;
  let goOn = () => {};

  const getThing = readingTool({
    ...face,
    name: "get_thing",
    title: "A thing",
    input: z.strictObject({ name: z.string().max(20), level: z.enum(["low", "high"]).optional() }),
    output: z.object({ name: z.string(), password: z.string() }),
    read: async ({ name }) => ({ name, password: secret }),
    say: ({ name, password }) => `${name}: ${password}`,
  });
  const count = readingTool({
    ...face,
    name: "count_slowly",
    title: "Count",
    input: z.strictObject({}),
    output: z.object({ counted: z.number() }),
    async read(_input, { progress, signal }) {
      for (const at of [1, 1, 2]) progress(at, 3, `at ${at} of ${secret}`);
      // A client drops the ticks that come in one piece with the result.
      await new Promise<void>((resolve) => {
        goOn = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      if (signal.aborted) aborted++;
      signal.throwIfAborted();
      return { counted: 3 };
    },
    say: ({ counted }) => `${counted}`,
  });
  const getState = readingTool({
    ...face,
    name: "get_state",
    title: "State",
    input: z.strictObject({ go_on: z.boolean().optional() }),
    output: z.object({ aborted: z.number(), applied: z.number() }),
    async read({ go_on }) {
      if (go_on) goOn();
      return { aborted, applied };
    },
    say: () => "state",
  });
  const touch = readingTool({
    ...face,
    name: "touch_thing",
    title: "Touch",
    input: z.strictObject({ uri: z.string() }),
    output: z.object({}),
    async read({ uri }) {
      for (const listener of listeners) listener(uri);
      return {};
    },
    say: () => "touched",
  });
  const fail = readingTool({
    ...face,
    name: "fail_always",
    title: "Fail",
    input: z.strictObject({ kindly: z.boolean() }),
    output: z.object({}),
    async read({ kindly }) {
      if (kindly) throw new StewardError("unreachable", `nas does not answer (${secret}).`, "Look at its power.");
      throw new Error(`broken by ${secret}`);
    },
    say: () => "",
  });
  const plan = gateTool({
    ...face,
    kind: "planning",
    name: "plan_change",
    title: "Plan",
    needs: ["docker"],
    input: z.strictObject({}),
    output: z.object({ plan_id: z.string() }),
    read: async () => ({ plan_id: "p-1" }),
    say: () => "planned",
  });
  const apply = gateTool({
    ...face,
    kind: "applying",
    name: "apply_plan",
    title: "Apply",
    input: z.strictObject({ plan_id: z.string(), token: z.string().optional(), wait_s: z.number().optional() }),
    output: z.object({ status: z.string() }),
    read: async ({ plan_id }, context) => {
      applied++;
      return context.gate.apply(plan_id, { signal: context.signal, progress: context.progress });
    },
    say: ({ status }) => status,
  });
  const tools: readonly Tool[] = [getThing, count, getState, touch, fail, plan, apply];

  const names = ["lamp", "lantern", "door"];
  const thing: Resource = {
    name: "thing",
    title: "A thing",
    description: "One thing.",
    template: "thing://{room}/{name}",
    needs: [],
    list: async () => names.map((name) => ({ uri: `thing://hall/${name}`, name: `${name} ${secret}` })),
    complete: {
      name: async (typed, { room }) => (room === "hall" ? names.filter((one) => one.startsWith(typed)) : []),
    },
    async read({ room = "", name = "" }) {
      if (!names.includes(name)) throw new StewardError("not_found", "No such thing.", "Look at the list.");
      return { room, name, password: secret };
    },
  };
  const greet: Prompt = {
    name: "greet",
    title: "Greet",
    description: "Greets somebody.",
    needs: [],
    arguments: [
      {
        name: "who",
        description: "Whom",
        required: true,
        complete: async (typed) => names.filter((n) => n.startsWith(typed)),
      },
      { name: "how", description: "How", required: false },
    ],
    render: async ({ who = "", how = "kindly" }) => `Greet ${who} ${how} with ${secret}.`,
  };

  const offering: Offering = {
    configured: ["docker"],
    toolsets: ["core", "docker"],
    readOnly: false,
    ...options.offering,
  };
  const scrub = createScrub([secret]);
  return {
    version: "1.2.3",
    offering,
    instructions: instructionsFor({ demo: false, readOnly: offering.readOnly, configured: offering.configured }),
    rooms: async () => ({
      tools,
      resources: [thing],
      prompts: [greet],
      context: (call) => ({
        ...call,
        systems: noSystems,
        settings: { bandwidthAlerts: [], update: { health_timeout_s: 1, settle_s: 1 } },
        clock: systemClock,
        gate: sampleGate(),
      }),
    }),
    render: createRender({ scrub, demo: false }),
    log: createLog({ level: "debug", write: options.writeLog ?? (() => {}), now: () => 0, scrub }),
    followResource: () => () => {},
    resourceWasRead: () => {},
    onResourceChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One plan that waits and is never approved. */
function sampleGate(): Gate {
  const view: PlanView = {
    plan_id: "p-1",
    tool: "plan_change",
    status: "pending",
    title: "Change the thing",
    risk: "reversible",
    targets: [],
    changes: [],
    steps: [],
    warnings: [],
    undo: "",
    created_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-01T00:10:00.000Z",
    digest: "",
    note: "",
  };
  return {
    propose: async () => view,
    get: () => view,
    pending: () => [view],
    cancel: () => view,
    apply: async () => view,
    grants: () => [],
    revoke: () => {
      throw new Error("nothing was granted here");
    },
    whereToApprove: async () => ({ url: pageUrl, command: "home-steward approve p-1" }),
  };
}
