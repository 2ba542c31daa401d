import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { StewardError } from "../shared/errors.ts";
import type { Surroundings } from "./command.ts";

/** A talk with the person at the terminal. */
export interface Dialog {
  say(text: string): void;
  ask(question: string): Promise<string>;
  /** Without echo. */
  askHidden(question: string): Promise<string>;
  close(): void;
}

/**
 * Errors: refused when there is no terminal on both sides: what a program types is no person's answer.
 * An end of input or Ctrl-C rejects the question (refused).
 */
export function openDialog({ stdin, stdout }: Surroundings, what: string): Dialog {
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new StewardError("refused", `${what} needs a person at a terminal.`, "Run it in a terminal, without pipes.");
  }
  let echo = true;
  const visible = new Writable({
    write(chunk, _encoding, done) {
      if (echo) stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: stdin, output: visible, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;
  let over = false;
  lines.on("line", (line) => {
    if (!waiting) return void typed.push(line); // pasted ahead of the question
    waiting.resolve(line);
    waiting = undefined;
  });
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => {
    over = true;
    waiting?.reject(left());
  });
  const answer = () =>
    new Promise<string>((resolve, reject) => {
      const ahead = typed.shift();
      if (ahead !== undefined) resolve(ahead);
      else if (over) reject(left());
      else waiting = { resolve, reject };
    });
  return {
    say: (text) => void stdout.write(`${text}\n`),
    ask(question) {
      stdout.write(`${question} `);
      return answer();
    },
    async askHidden(question) {
      echo = false; // before the question: a quick hand answers as it appears
      stdout.write(`${question} `);
      try {
        return await answer();
      } finally {
        echo = true;
        stdout.write("\n");
      }
    },
    close: () => lines.close(),
  };
}

const left = () => new StewardError("refused", "It was broken off. Nothing was done.", "Run it again when you like.");
