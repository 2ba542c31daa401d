import type { Prompt } from "./define.ts";
import { explainIssue } from "./explain-issue.ts";
import { morningReport } from "./morning-report.ts";
import { planRemediation } from "./plan-remediation.ts";

/** All prompts, in the order in which they are listed. */
export const prompts: readonly Prompt[] = [morningReport, explainIssue, planRemediation];
