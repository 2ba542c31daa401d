import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { StewardError } from "../../shared/errors.ts";

/** More in one line is no list. */
const maxLine = 1024 * 1024;

/** All of it, piece by piece. Errors: wrong_answer beyond `max_bytes`. */
export async function* textOf(stream: Readable, max_bytes: number): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let bytes = 0;
  for await (const chunk of buffers(stream)) {
    bytes += chunk.length;
    if (bytes > max_bytes) throw tooLarge();
    yield decoder.write(chunk);
  }
  yield decoder.end();
}

/** Its first `max_bytes`; the rest is read and let go, so that the program can go on. */
export async function beginning(stream: Readable, max_bytes: number): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of buffers(stream)) {
    if (bytes < max_bytes) kept.push(chunk.subarray(0, max_bytes - bytes));
    bytes += chunk.length;
  }
  return Buffer.concat(kept).toString("utf8");
}

/** Line by line; nothing is read while nobody asks. A last line without its newline counts, too. */
export async function* linesOf(stream: Readable): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of buffers(stream)) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLine) throw tooLarge();
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}

/** What lies between NULs, as many records at a time as came. What follows the last NUL was cut off, and is none. */
export async function* recordsOf(stream: Readable): AsyncGenerator<Buffer[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of buffers(stream)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const records: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
      records.push(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > maxLine) throw tooLarge();
    if (records.length > 0) yield records;
  }
}

async function* buffers(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
}

function tooLarge(): StewardError {
  return new StewardError(
    "wrong_answer",
    "A command's output is larger than anything it should say.",
    "Run it by hand on that machine to see what it says.",
  );
}
