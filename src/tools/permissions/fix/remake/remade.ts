import type { Rework } from "../../../../analysis/permissions/fix/rework.ts";
import type { Unit } from "../../../../confirm/define.ts";
import type { ContainerInspected } from "../../../../systems/docker/shapes.ts";

type StepSpec = Unit["steps"][number];

/** A container that is made again, and what goes along with it: undone together. */
export interface Remade {
  container: ContainerInspected;
  rework: Rework;
  /** Before anything is stopped. Their args name the host themselves. */
  before: readonly StepSpec[];
  while_down: readonly StepSpec[];
  /** Those of its folders that go to a new user, and how many entries of them. */
  folders: readonly string[];
  files: number;
  /** For a person. */
  changes: readonly string[];
  /** What is to be known of it, if it is made again. */
  warnings: readonly string[];
}

/** A part of a plan, still without what is saved first; or the part of a sentence after "because". */
export type Made = { unit: Unit; touches: number; warnings: string[] } | { why: string };
