import type { ToolAnnotations } from "@modelcontextprotocol/server";
import type { Tool } from "../tools/define.ts";

/**
 * What a client may assume of a tool, derived from its kind. A planning tool stores a plan and changes nothing else, so
 * it is neither read-only nor destructive; only the applying tool is destructive. Homes are closed worlds.
 */
export function annotationsOf({ kind, title }: Tool): Required<ToolAnnotations> {
  return {
    title,
    readOnlyHint: kind === "reading",
    destructiveHint: kind === "applying",
    idempotentHint: kind === "reading",
    openWorldHint: false,
  };
}

/** Clients that know this key ask the person at every call, even where they were told not to ask any more. */
export function metaOf({ kind }: Tool): Record<string, unknown> | undefined {
  return kind === "applying" ? { "anthropic/requiresUserInteraction": true } : undefined;
}
