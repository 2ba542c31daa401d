import { randomUUID } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Tool, ToolContext } from "../tools/define.ts";
import type { House } from "./house.ts";

/** An applying call that has no code and waits for a person. */
const waits = z.object({ plan_id: z.string(), token: z.undefined().optional(), wait_s: z.number().positive() });

/** Some clients declare this and never show it; a person who wants to approve has found the page by then anyway. */
const shownForMs = 50_000;

/**
 * A courtesy: asks a client that can do so to bring the person to the approval page while `apply_plan` waits. Whatever
 * the client answers grants nothing and refuses nothing; only the page and the terminal approve. Answers what the call
 * has to return first, or nothing when it may go on.
 */
export async function bringPerson(
  tool: Tool,
  args: unknown,
  { server, ctx, gate, house }: { server: Server; ctx: ServerContext; gate: ToolContext["gate"]; house: House },
): Promise<InputRequiredResult | undefined> {
  const call = waits.safeParse(args);
  // With responses the client has been asked already and comes back.
  if (tool.kind !== "applying" || !call.success || ctx.mcpReq.inputResponses !== undefined) return undefined;
  if (!showsAddresses(server, ctx) || gate.get(call.data.plan_id).status !== "pending") return undefined;
  const { url } = await gate.whereToApprove(call.data.plan_id);
  if (url === null) return undefined;
  const message =
    "Home Steward has a plan that waits for you. Read it and approve or deny it on your own approval page.";
  if (ctx.mcpReq.envelope !== undefined) {
    return inputRequired({ inputRequests: { approval: inputRequired.elicitUrl({ message, url }) } });
  }
  const { signal } = ctx.mcpReq;
  ctx.mcpReq
    .elicitInput({ mode: "url", message, url, elicitationId: randomUUID() }, { timeout: shownForMs, signal })
    .catch((error: unknown) => house.log.debug(`the page was not shown by the client: ${String(error)}`));
  return undefined;
}

const showing = z.looseObject({ elicitation: z.looseObject({ url: z.looseObject({}) }) });
const envelope = z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: showing });

/** A modern client says with every call what it can do, one of the 2025 era once at its start. */
function showsAddresses(server: Server, ctx: ServerContext): boolean {
  const said = ctx.mcpReq.envelope;
  return said ? envelope.safeParse(said).success : showing.safeParse(server.getClientCapabilities()).success;
}
