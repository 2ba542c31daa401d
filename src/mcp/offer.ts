import { type Problem, StewardError } from "../shared/errors.ts";
import type { SystemName, Tool, Toolset } from "../tools/define.ts";

/** What decides whether something is offered. */
export interface Offering {
  configured: readonly SystemName[];
  toolsets: readonly Toolset[];
  readOnly: boolean;
}

/** Why a tool is not offered, or null when it is. Asked for the list and again at the call. */
export function whyNotOffered(tool: Tool, { configured, toolsets, readOnly }: Offering): Problem | null {
  const missing = tool.needs.filter((system) => !configured.includes(system));
  if (readOnly && tool.kind !== "reading") {
    return refusal("refused", "Home Steward is read-only here.", "Only the owner changes that, in the configuration.");
  }
  if (!toolsets.includes(tool.toolset)) {
    return refusal("not_configured", `The toolset ${tool.toolset} is switched off.`, "The owner chose the toolsets.");
  }
  if (missing.length > 0) {
    const names = missing.join(", ");
    return refusal("not_configured", `No ${names} is configured.`, `The owner adds ${names} to a host first.`);
  }
  return null;
}

const refusal = (code: Problem["code"], message: string, fix: string): Problem => ({ code, message, fix });

/** @throws StewardError when the tool is not offered. */
export function assertOffered(tool: Tool, offering: Offering): void {
  const why = whyNotOffered(tool, offering);
  if (why) throw new StewardError(why.code, why.message, why.fix);
}
