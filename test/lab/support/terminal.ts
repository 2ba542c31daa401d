import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** The program as it is installed. */
export const program = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

export function programBuilt(): void {
  if (!existsSync(program)) throw new Error("npm run build first");
}

/** Types the answers at a terminal (script(1) makes one) and answers what was shown. */
export async function terminal(env: Record<string, string>, command: string, ...answers: string[]): Promise<string> {
  const line = `${process.execPath} ${program} ${command}`;
  const shown = spawn("script", ["-qec", line, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  shown.stdout.setEncoding("utf8").on("data", (more) => {
    text += more;
    // Each question is answered when it is asked; what is asked without echo looks the same.
    if (/[:?] $/.test(text) && answers.length > 0) shown.stdin.write(`${answers.shift()}\n`);
  });
  const [code] = await once(shown, "close");
  expect({ code, text }).toEqual({ code: 0, text });
  return text;
}
