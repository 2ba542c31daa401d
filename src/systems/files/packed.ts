import { gunzipSync, gzipSync } from "node:zlib";
import { StewardError } from "../../shared/errors.ts";
import type { EntryChange, FileEntry, PackedList } from "./port.ts";

/** No list is larger: a plan holds at most four MiB of it packed. */
const maxBytes = 256 * 1024 * 1024;
const octal = (mode: number) => mode.toString(8);

/** The list as the program reads it (owners-program.ts), packed and in plain letters: a plan holds nothing else. */
export function pack(root: FileEntry, changes: readonly EntryChange[]): PackedList {
  const above = root.path.length + 1;
  const records = changes.flatMap(({ entry, to }) => {
    const { inode, type, uid, gid, mode, path } = entry;
    const head = [inode, type, uid, gid, octal(mode), to.uid, to.gid, octal(to.mode), ""].join(" ");
    return [Buffer.from(head), path.subarray(above), Buffer.alloc(1)];
  });
  const list = Buffer.concat([Buffer.from(`${root.device} ${root.inode}\0`), ...records]);
  return gzipSync(list, { level: 9 }).toString("base64");
}

/** The list again. Errors: wrong_answer. */
export function unpack(list: PackedList): Buffer {
  try {
    return gunzipSync(Buffer.from(list, "base64"), { maxOutputLength: maxBytes });
  } catch (error) {
    throw new StewardError("wrong_answer", "A plan's list of files can't be read.", "Plan it again.", { cause: error });
  }
}
