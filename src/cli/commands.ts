import type { Command } from "./command.ts";

/** One command as the help shows it. Its file is loaded only when it is called. */
export interface CommandEntry {
  /** "audit verify" */
  name: string;
  usage: string;
  summary: string;
  hidden?: true;
  load(): Promise<Command>;
}

/** All commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: "serve",
    usage: "serve [--config FILE]",
    summary: "MCP over stdin and stdout, for a client that starts it; the default when stdin is no terminal",
    load: async () => (await import("./serve.ts")).serve,
  },
  {
    name: "daemon",
    usage: "daemon [--config FILE]",
    summary: "MCP over HTTP and the approval page, on loopback; opens the demo home where there is nothing else",
    load: async () => (await import("./daemon.ts")).daemon,
  },
  {
    name: "demo",
    usage: "demo",
    summary: "the same with a simulated home, to look around and to try an approval",
    load: async () => (await import("./demo.ts")).demo,
  },
  {
    name: "doctor",
    usage: "doctor [--config FILE]",
    summary: "tries everything that is configured and says what is missing and how to mend it",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    name: "config check",
    usage: "config check [--config FILE]",
    summary: "reads the configuration and says all that is wrong with it",
    load: async () => (await import("./config-check.ts")).configCheck,
  },
  {
    name: "tools",
    usage: "tools --json",
    summary: "every tool as tools/list gives it with everything configured",
    load: async () => (await import("./tools.ts")).listTools,
  },
];
