import { defineConfig } from "vitest/config";

// Where .ci/run wants the figures; a person gets the usual lines alone.
const report = process.env.HOME_STEWARD_TEST_REPORT;

export default defineConfig({
  test: {
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/**"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        // Real systems, one file at a time: they share daemons, ports and two cores.
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
