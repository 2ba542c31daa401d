import { Readable } from "node:stream";
import { secretProgram } from "../../src/systems/secret-files/program.ts";
import type { Runner } from "../../src/systems/shell/runner.ts";

interface PlayedFile {
  uid: number;
  mode: number;
  value: string;
}

/** A machine that has nothing but a folder for secrets: what its program would say of it. */
export function playedSecretFiles() {
  const files = new Map<string, PlayedFile>();
  /** Every argv that was run. */
  const ran: string[] = [];
  const runner: Runner = {
    name: "a played machine",
    root: true,
    async start(argv, signal, _limit_ms, input) {
      signal.throwIfAborted();
      ran.push(argv.join(" "));
      const text = Buffer.from(input ?? []).toString("utf8");
      if (!text.startsWith(secretProgram)) throw new Error("another program");
      const said = play(files, argv.at(-3) ?? "", argv.at(-1) ?? "", text.slice(secretProgram.length));
      const stdout = Readable.from([Buffer.from(JSON.stringify(said))]);
      const stderr = Readable.from([]);
      return {
        stdout,
        stderr,
        exit: Promise.resolve(0),
        stop() {
          for (const stream of [stdout, stderr]) stream.destroy();
        },
      };
    },
    close: async () => {},
  };
  return { runner, files, ran };
}

function play(files: Map<string, PlayedFile>, action: string, path: string, input: string) {
  const file = files.get(path);
  if (action === "look") return file ? { is: "there", uid: file.uid, mode: file.mode } : { is: "missing" };
  if (action === "read")
    return file ? { is: "read", value: Buffer.from(file.value).toString("base64") } : { is: "missing" };
  if (action === "write") {
    if (file) return { is: "taken" };
    const [uid = "", mode = ""] = input.slice(0, input.indexOf("\0")).split(" ");
    files.set(path, { uid: Number(uid), mode: Number.parseInt(mode, 8), value: input.slice(input.indexOf("\0") + 1) });
    return { is: "done" };
  }
  if (file && file.value !== input) return { is: "other" };
  files.delete(path);
  return { is: "done" };
}
