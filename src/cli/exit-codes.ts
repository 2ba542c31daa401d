/** Every exit code of the command line and what it means; docs/cli.md is generated from it. */
export const exitCodes = {
  done: { code: 0, meaning: "Done." },
  failed: { code: 1, meaning: "It failed, or what was checked is not in order; stderr says what and how to mend it." },
  wrongUse: { code: 2, meaning: "The command line was not understood." },
  badConfig: { code: 3, meaning: "The configuration has errors; all of them are on stderr." },
} as const;
