import { counted } from "../shared/text.ts";
import type { Risk } from "./define.ts";
import type { PlanDocument } from "./document.ts";
import { standingWords } from "./standing/words.ts";

/**
 * A plan in words, made from the stored bytes and from nothing else. The page and the terminal both show these;
 * no surface has words of its own about a plan.
 */
export interface PlanWords {
  plan_id: string;
  heading: string;
  risk: Risk;
  /** What the risk class means for the reader. */
  risk_says: string;
  parts: readonly {
    target: string;
    changes: readonly string[];
    steps: readonly { does: string; undo: string }[];
    /** Of a destructive plan: what is saved first, and where. */
    saved_first: string | null;
  }[];
  /** What is allowed from then on without asking again; empty for a plan that grants nothing. */
  standing: readonly string[];
  warnings: readonly string[];
  undo: string;
  touches: string;
  /** ISO 8601. */
  created_at: string;
  approve_by: string;
  tool: string;
  digest: string;
  /** What the person types to approve a destructive plan; null for the others. */
  type_to_approve: string | null;
}

const RISKS: Readonly<Record<Risk, string>> = {
  reversible: "Can be undone at any time.",
  disruptive: "Interrupts a service while it runs.",
  destructive: "Destroys or rewrites something. Read it twice.",
};

export function planWords(plan: PlanDocument, digest: string): PlanWords {
  const [first] = plan.units;
  return {
    plan_id: plan.plan_id,
    heading: plan.title,
    risk: plan.risk,
    risk_says: RISKS[plan.risk],
    parts: plan.units.map(({ target, changes, steps, safeguard }) => ({
      target: `${target.kind} ${target.name} on ${target.host}`,
      changes,
      steps: steps.map(({ does, undo }) => ({ does, undo })),
      saved_first: safeguard ? savedFirst(safeguard) : null,
    })),
    standing: plan.grant ? standingWords(plan.grant) : [],
    warnings: plan.warnings,
    undo: plan.undo,
    touches: touches(plan.blast),
    created_at: plan.created_at,
    approve_by: plan.approve_by,
    tool: plan.tool,
    digest,
    type_to_approve: plan.risk === "destructive" && first ? first.target.name : null,
  };
}

/** The words as plain text, for a terminal of 80 columns or more. */
export function planText(words: PlanWords): string {
  const lines = [words.heading, `Risk: ${words.risk}. ${words.risk_says}`, ""];
  for (const part of words.parts) {
    lines.push(part.target, ...part.changes.map((change) => `  * ${change}`));
    if (part.saved_first) lines.push(`  ${part.saved_first}`);
    lines.push(...part.steps.flatMap(({ does, undo }, at) => [`  ${at + 1}. ${does}`, `     undo: ${undo}`]), "");
  }
  if (words.standing.length > 0) lines.push("A standing approval", ...words.standing.map((said) => `  * ${said}`), "");
  if (words.warnings.length > 0) lines.push(...words.warnings.map((warning) => `! ${warning}`), "");
  lines.push(
    `Undo: ${words.undo}`,
    `Touches: ${words.touches}`,
    `Planned ${words.created_at}, to be approved by ${words.approve_by}`,
    `Plan ${words.plan_id} of ${words.tool}`,
    `Digest ${words.digest}`,
  );
  return lines.join("\n");
}

const savedFirst = (safeguard: NonNullable<PlanDocument["units"][number]["safeguard"]>): string =>
  "none" in safeguard
    ? `Nothing is saved first: ${safeguard.none}`
    : `Saved first, by step ${safeguard.step + 1}: ${safeguard.on.kind} ${safeguard.on.name} on ${safeguard.on.host}`;

function touches({ containers, files, bytes }: PlanDocument["blast"]): string {
  const touched = [
    containers > 0 ? counted(containers, "container") : null,
    files > 0 ? counted(files, "file") : null,
    bytes > 0 ? `${bytes} bytes` : null,
  ].filter((part) => part !== null);
  return touched.length > 0 ? touched.join(", ") : "nothing that is counted";
}
