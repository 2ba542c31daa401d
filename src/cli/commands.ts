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
    name: "setup",
    usage: "setup [--print-sudoers [--user NAME] | --print-forced-command] [--root FOLDER]",
    summary:
      "makes the approver's key, and asks for its passphrase; with --print-…: what a machine's sudo and sshd are told to allow",
    load: async () => (await import("./setup.ts")).setup,
  },
  {
    name: "approve",
    usage: "approve [PLAN | --stop | --resume]",
    summary:
      "reads a waiting plan and approves or denies it, in this terminal; --stop halts all changes, --resume allows them",
    load: async () => (await import("./approve.ts")).approve,
  },
  {
    name: "automations",
    usage: "automations [revoke GRANT]",
    summary: "what may happen by itself under your standing approvals; revoke ends one at once",
    load: async () => (await import("./automations.ts")).automations,
  },
  {
    name: "audit verify",
    usage: "audit verify",
    summary: "checks the record of everything that was planned, approved, refused and done",
    load: async () => (await import("./audit.ts")).auditVerify,
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
  {
    name: "score-disks",
    usage: "score-disks",
    summary: "drive timelines in on stdin, their tiers and risks out, one a line (docs/disk-prediction.md)",
    load: async () => (await import("./score-disks.ts")).scoreDisks,
  },
  {
    name: "guard",
    usage: "guard [--config FILE]",
    summary: "watches over a plan that another process runs; started by it",
    hidden: true,
    load: async () => (await import("./guard.ts")).guard,
  },
];
