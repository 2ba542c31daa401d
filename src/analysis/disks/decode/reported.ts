/** What a drive says of one thing. Absent is not zero, and a suspect number is neither: it is shown, never judged. */
export type Reported =
  | { state: "known"; value: number }
  | { state: "absent" }
  | {
      state: "suspect";
      /** Our own words. */
      why: string;
    };

export const absent: Reported = { state: "absent" };
export const known = (value: number): Reported => ({ state: "known", value });
export const suspect = (why: string): Reported => ({ state: "suspect", why });

/** The value where there is a trustworthy one. */
export const knownValue = (reported: Reported): number | null => (reported.state === "known" ? reported.value : null);

/** A count that came without any trick: absent when missing, suspect when it can't be a count. */
export const plain = (value: number | undefined): Reported =>
  value === undefined ? absent : value >= 0 ? known(value) : suspect("negative");
