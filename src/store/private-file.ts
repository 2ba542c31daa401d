import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";

/** Replaces a file as a whole, readable by its owner only: after a power cut it is the old one or the new one. */
export function writePrivate(path: string, text: string): void {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** The file's text, or undefined when there is none. */
export function readPrivate(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
