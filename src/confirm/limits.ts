/** The owner's limits of the gate (`confirm:` in the configuration). They can be tightened there, not loosened. */
export interface ConfirmLimits {
  /** Seconds a plan waits for a person. */
  readonly approve_within_s: number;
  /** Seconds an approval holds before its plan must have started. */
  readonly apply_within_s: number;
  /** Plans that may wait for a person at once: more would tire them into approving unread. */
  readonly max_pending: number;
  /** Plans that may start within an hour. */
  readonly max_applies_per_hour: number;
  /** What one plan may touch at the most. */
  readonly max_containers: number;
  readonly max_files: number;
  readonly max_bytes: number;
  /** Days a standing approval may hold. */
  readonly max_grant_days: number;
}

export const defaultLimits: ConfirmLimits = {
  approve_within_s: 600,
  apply_within_s: 300,
  max_pending: 3,
  max_applies_per_hour: 10,
  max_containers: 10,
  max_files: 100_000,
  max_bytes: 1_000_000_000_000,
  max_grant_days: 90,
};

/** Wrong tokens after which a plan is void. */
export const WRONG_TOKENS = 3;

/** So many voided plans in an hour look like guessing: nothing is planned, approved or applied for 30 minutes. */
export const LOCKOUT = { voided: 5, within_ms: 3_600_000, for_ms: 1_800_000 };
