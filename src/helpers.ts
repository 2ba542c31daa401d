import type { Proposal } from "./confirm/define.ts";
import { automations } from "./tools/automation/registry.ts";
import type { ToolContext } from "./tools/define.ts";
import { tools } from "./tools/registry.ts";
import type { Helper } from "./watch/use-grants.ts";

/** The automations as src/watch uses them: what is due, and a plan of the automation's tool. */
export function helpersOf(
  context: (call: Pick<ToolContext, "signal" | "progress">) => ToolContext,
  scrub: (proposal: Proposal) => Proposal,
): ReadonlyMap<string, Helper> {
  const at = (signal: AbortSignal) => context({ signal, progress: () => {} });
  return new Map(
    automations.map(({ name, kind, tool: wanted, due }): [string, Helper] => {
      const plan = tools.find((tool) => tool.name === wanted)?.plan;
      if (!plan) throw new Error(`${name} needs ${wanted}, which plans nothing`);
      return [
        name,
        {
          kind,
          due: (grant, signal) => due(grant, at(signal)),
          plan: async (input, signal) => {
            const planned = await plan(input, at(signal));
            return { ...planned, proposal: scrub(planned.proposal) };
          },
        },
      ];
    }),
  );
}
