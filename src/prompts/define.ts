import type { SystemName, ToolContext } from "../tools/define.ts";

/** What a prompt gets: everything a tool has, but nobody to report progress to. */
type PromptContext = Omit<ToolContext, "progress">;

/** One argument; all are strings, as the protocol has it. */
export interface PromptArgument {
  name: string;
  description: string;
  required: boolean;
  /** Values that start with what was typed; `given` holds the arguments already filled in. */
  complete?(typed: string, given: Readonly<Record<string, string>>, context: PromptContext): Promise<string[]>;
}

/** A prompt as the server registers it: one user message in our own words; arguments are checked names only. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  /** Listed only where all of these are configured. */
  needs: readonly SystemName[];
  arguments: readonly PromptArgument[];
  /** The text of the message. Errors: bad_input. */
  render(args: Readonly<Record<string, string>>, context: PromptContext): Promise<string>;
}
