import type { LogLine } from "./port.ts";

/** What is kept of a log, the newest of it. Longer lines are cut. */
const maxKeptBytes = 4 * 1024 * 1024;
const maxLineBytes = 64 * 1024;
const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?/;
const frameHeaderBytes = 8;

/**
 * Reads the body of `GET /containers/{id}/logs?timestamps=1` as it comes. Without a TTY it is frames: one byte that
 * says the stream, three of nothing, four of length, then the text; with one it is the text itself.
 */
export function logReader(tty: boolean): { take(chunk: Buffer): void; end(): LogLine[] } {
  const lines: LogLine[] = [];
  let kept = 0;
  const keep = (stream: LogLine["stream"]) => (line: Buffer) => {
    const text = line.toString("utf8").replace(/\r$/, "");
    const at = timestamp.exec(text);
    lines.push({ at: at?.[1] ?? null, stream, text: at === null ? text : text.slice(at[0].length) });
    kept += text.length;
    while (kept > maxKeptBytes) {
      const oldest = lines.shift();
      if (oldest === undefined) break;
      kept -= oldest.text.length + (oldest.at?.length ?? 0);
    }
  };
  const stdout = splitter(keep("stdout"));
  const stderr = splitter(keep("stderr"));
  const take = tty ? stdout.take : unframed((stream, text) => (stream === 2 ? stderr : stdout).take(text));
  return {
    take,
    end() {
      stdout.end();
      stderr.end();
      return lines;
    },
  };
}

/** Takes frames apart wherever the chunks end. */
function unframed(take: (stream: number, text: Buffer) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let stream = 0;
  let left = 0;
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (left > 0) {
        take(stream, rest.subarray(0, left));
        const used = Math.min(left, rest.length);
        left -= used;
        rest = rest.subarray(used);
        continue;
      }
      const missing = frameHeaderBytes - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < frameHeaderBytes) return;
      stream = header.readUInt8(0);
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  };
}

/** Lines by their newlines; what goes beyond the longest line is dropped. */
function splitter(keep: (line: Buffer) => void): { take(text: Buffer): void; end(): void } {
  let parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer) => {
    const fits = part.subarray(0, Math.max(0, maxLineBytes - bytes));
    if (fits.length === 0) return;
    parts.push(fits);
    bytes += fits.length;
  };
  const flush = () => {
    keep(Buffer.concat(parts));
    parts = [];
    bytes = 0;
  };
  return {
    take(text) {
      let from = 0;
      for (let newline = text.indexOf(10); newline !== -1; newline = text.indexOf(10, from)) {
        add(text.subarray(from, newline));
        flush();
        from = newline + 1;
      }
      add(text.subarray(from));
    },
    end() {
      if (bytes > 0) flush();
    },
  };
}
