import { PassThrough } from "node:stream";
import { run } from "../../../src/cli/run.ts";

/** Runs one command line in this process and answers what a person would see. */
export async function commandLine(
  args: readonly string[],
  { env = {}, isTTY = false }: { env?: Record<string, string>; isTTY?: boolean } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const stdin = Object.assign(streams.stdin, { isTTY });
  stdin.end();
  const code = await run(args, { ...streams, stdin, env, platform: process.platform });
  const said = (stream: PassThrough) => String(stream.read() ?? "");
  return { code, stdout: said(streams.stdout), stderr: said(streams.stderr) };
}
