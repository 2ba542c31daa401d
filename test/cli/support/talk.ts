import { PassThrough } from "node:stream";
import type { Command } from "../../../src/cli/command.ts";

/** A terminal at which a person answers each question that is asked. */
export async function talk(folder: string, command: Command, args: string[], answers: string[], isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stdout = Object.assign(new PassThrough(), { isTTY });
  let said = "";
  let asked = 0;
  const left = [...answers];
  stdout.on("data", (chunk) => {
    said += chunk;
    if (!/[:?] $/.test(said) || asked === said.length) return;
    asked = said.length;
    const answer = left.shift();
    if (answer === undefined) stdin.end();
    else stdin.write(`${answer}\r`);
  });
  const env = { HOME_STEWARD_HOME: folder };
  const surroundings = { env, platform: process.platform, stdin, stdout, stderr: new PassThrough() };
  const code = await command(args, surroundings).catch((error) => String(error.message));
  return { code, said, unused: left.length };
}
