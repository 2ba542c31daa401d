import { expect, it } from "vitest";
import { terminalCommand } from "../../src/cli/terminal-command.ts";

const own = {
  node: "/opt/node/bin/node",
  program: "/home/anna/home steward/dist/main.js",
  folder: "/home/anna/.local/state/home-steward",
  usualFolder: "/home/anna/.local/state/home-steward",
  platform: "linux" as const,
};

it("names the program by its file in a checkout, where its name is on nobody's PATH", () => {
  expect(terminalCommand(["approve", "p-abc"], own)).toBe(
    "/opt/node/bin/node '/home/anna/home steward/dist/main.js' approve p-abc",
  );
});

it("is short where it came as a package", () => {
  const program = "/usr/lib/node_modules/home-steward/dist/main.js";
  expect(terminalCommand(["approve", "p-abc"], { ...own, program })).toBe("home-steward approve p-abc");
});

it("names a state folder that is not the usual one", () => {
  const program = "/usr/lib/node_modules/home-steward/dist/main.js";
  expect(terminalCommand(["approve", "p-abc"], { ...own, program, folder: "/tmp/anna's demo" })).toBe(
    "HOME_STEWARD_HOME='/tmp/anna'\\''s demo' home-steward approve p-abc",
  );
  const windows = { ...own, program: "C:\\npm\\node_modules\\home-steward\\dist\\main.js", platform: "win32" as const };
  expect(terminalCommand(["approve", "p-abc"], { ...windows, folder: "D:\\steward" })).toBe(
    'cmd /c "set HOME_STEWARD_HOME=D:\\steward&& home-steward approve p-abc"',
  );
});
