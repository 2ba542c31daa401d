import type { Proposal } from "../confirm/define.ts";

/**
 * Cleans what a person will read of a plan before it is stored: labels and names from outside end up in these words.
 * What the steps work with stays as it is; a changed argument would be another plan.
 */
export function scrubProposal(proposal: Proposal, text: (raw: string) => string): Proposal {
  return {
    ...proposal,
    title: text(proposal.title),
    warnings: proposal.warnings.map(text),
    undo: text(proposal.undo),
    units: proposal.units.map((unit) => ({
      ...unit,
      changes: unit.changes.map(text),
      steps: unit.steps.map((step) => ({ ...step, does: text(step.does), undo: text(step.undo) })),
    })),
  };
}
