import { StewardError } from "../../shared/errors.ts";
import type { FileEntry } from "./port.ts";

const [space, zero, seven, nine] = [0x20, 0x30, 0x37, 0x39];
const types = new Map([..."fdlbcpsD?"].map((letter) => [letter.charCodeAt(0), letter]));

/** Reads what the table's `walk` prints of one entry: type and mode, uid, gid, device, inode, links, path. By hand: there are millions. */
export function entryOf(record: Buffer): FileEntry {
  let at = 1;
  const number = (last: number, base: number) => {
    let value = 0;
    const from = at;
    for (let byte = record[at]; byte !== undefined && byte >= zero && byte <= last; byte = record[++at])
      value = value * base + byte - zero;
    if (at === from || record[at++] !== space) throw garbled();
    return value;
  };
  const large = () => {
    const from = at;
    const value = number(nine, 10);
    return Number.isSafeInteger(value) ? value : record.toString("latin1", from, at - 1);
  };
  const type = types.get(record[0] ?? 0);
  if (type === undefined) throw garbled();
  const mode = number(seven, 8);
  const uid = number(nine, 10);
  const gid = number(nine, 10);
  const device = large();
  const inode = large();
  const links = number(nine, 10);
  return { type, mode, uid, gid, device, inode, links, path: record.subarray(at) };
}

const garbled = () =>
  new StewardError(
    "wrong_answer",
    "find prints something else than it was asked for.",
    "Look whether find on that machine is GNU's.",
  );
