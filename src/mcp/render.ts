import { type Problem, saySince } from "../shared/errors.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { clean } from "../shared/text.ts";
import type { ToolAnswer } from "../tools/define.ts";
import { fitToCap } from "./fit.ts";
import type { Scrub } from "./scrub.ts";

/**
 * The one place where anything turns into what a client gets. Every string, keys included, is cleaned of what a person
 * can't see and scrubbed of the configured secrets; an answer over the cap is cut and says so; a demo says so too.
 */
export interface Render {
  answer(answer: ToolAnswer): { structured: JsonObject; text: string };
  /** A resource's JSON, cut to the same cap. */
  resource(value: JsonObject): string;
  /** A prompt's text, or any other line of ours with names in it. */
  text(text: string): string;
  problem(problem: Problem): string;
}

/** The demo's word in every answer. */
const demoNotice = "DEMO: a simulated home. Nothing here is real.";

export function createRender({ scrub, demo }: { scrub: Scrub; demo: boolean }): Render {
  // Cleaned first: an invisible character inside a secret would hide it from the scrubber.
  const text = (raw: string): string => scrub(clean(raw));
  const value = (raw: Json): Json => {
    if (typeof raw === "string") return text(raw);
    if (raw === null || typeof raw !== "object") return raw;
    return isList(raw) ? raw.map(value) : object(raw);
  };
  const object = (raw: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(raw).map(([key, inner]) => [text(key), value(inner)]));
  const label = (said: string): string => (demo ? `${demoNotice}\n${said}` : said);
  const marked = (raw: JsonObject): JsonObject => (demo ? { ...object(raw), demo: true } : object(raw));
  return {
    answer(answer) {
      const fitted = fitToCap(marked(answer.structured), label(text(answer.text)));
      return { structured: fitted.structured, text: fitted.text };
    },
    resource: (raw) => JSON.stringify(fitToCap(marked(raw), "").structured, null, 1),
    text,
    problem: ({ message, fix, since }) =>
      label(text(`${message}${since === undefined ? "" : ` No answer${saySince(since)}.`}\n${fix}`)),
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
