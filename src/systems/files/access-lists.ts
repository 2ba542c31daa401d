import { StewardError } from "../../shared/errors.ts";
import { entryOf } from "./entries.ts";
import type { AccessList, Ace, ListedEntry } from "./port.ts";

const space = 0x20;

/** What lists-program.ts prints, some entries at a time; none where it only says that it is still at work. */
export async function* listedEntries(batches: AsyncIterable<Buffer[]>): AsyncGenerator<ListedEntry[], void, undefined> {
  for await (const records of batches) yield records.filter(({ length }) => length > 0).map(listedEntryOf);
}

function listedEntryOf(record: Buffer): ListedEntry {
  const end = record.indexOf(space);
  const lists = record.toString("latin1", 0, Math.max(end, 0));
  return { entry: entryOf(record.subarray(end + 1)), list: lists === "-" ? null : listOf(lists) };
}

function listOf(text: string): AccessList {
  const lists = new Map(
    text.split(",").map((part): [string, Buffer] => {
      const [kind = "", hex = ""] = part.split(":");
      return [kind, Buffer.from(hex, "hex")];
    }),
  );
  const [access, template, nfs4] = ["access", "default", "nfs4"].map((kind) => lists.get(kind));
  if (nfs4 !== undefined) return nfs4ListOf(nfs4);
  if (access === undefined && template === undefined) throw garbled();
  return {
    kind: "posix",
    here: access === undefined ? [] : posixAces(access),
    inside: template === undefined ? [] : posixAces(template),
  };
}

/** linux/posix_acl_xattr.h: a version, then of each entry tag, rights, and who it is for; little-endian. */
const posixTags = new Map<number, Ace["who"]>([
  [0x01, "owner"],
  [0x02, "user"],
  [0x04, "owning_group"],
  [0x08, "group"],
  [0x10, "mask"],
  [0x20, "everyone"],
]);

function posixAces(bytes: Buffer): Ace[] {
  if (bytes.length < 4 || (bytes.length - 4) % 8 !== 0 || bytes.readUInt32LE(0) !== 2) throw garbled();
  return Array.from({ length: (bytes.length - 4) / 8 }, (_, at): Ace => {
    const from = 4 + at * 8;
    const who = posixTags.get(bytes.readUInt16LE(from));
    const rights = bytes.readUInt16LE(from + 2);
    if (who === undefined || rights > 7) throw garbled();
    const id = who === "user" || who === "group" ? bytes.readUInt32LE(from + 4) : null;
    return { who, id, allows: true, rights, changes: (rights & 2) !== 0 };
  });
}

/**
 * TrueNAS's own (truenas/nfs4xdr-acl-tools, nfs41acl.h; RFC 5661 6.2.1): flags and a count, then of each entry type, flags, whether
 * it is for somebody special, rights and who; big-endian.
 */
function nfs4ListOf(bytes: Buffer): AccessList {
  const list: AccessList = { kind: "nfsv4", here: [], inside: [] };
  if (bytes.length < 8 || bytes.length !== 8 + bytes.readUInt32BE(4) * 20) throw garbled();
  for (let from = 8; from < bytes.length; from += 20) {
    const [type = 0, flags = 0, special = 0, mask = 0, id = 0] = [0, 4, 8, 12, 16].map((field) =>
      bytes.readUInt32BE(from + field),
    );
    const who = special === 1 ? specials[id] : (flags & identifierGroup) !== 0 ? "group" : "user";
    // Others only log, or are of networks that no filesystem here knows.
    if (type > 1 || who === undefined) continue;
    const ace: Ace = {
      who,
      id: special === 1 ? null : id,
      allows: type === 0,
      rights: (mask & 0x01 ? 4 : 0) | (mask & 0x02 ? 2 : 0) | (mask & 0x20 ? 1 : 0),
      changes: (mask & changing) !== 0,
    };
    if ((flags & inheritOnly) === 0) list.here.push(ace);
    if ((flags & inherited) !== 0) list.inside.push(ace);
  }
  return list;
}

const specials: readonly (Ace["who"] | undefined)[] = [undefined, "owner", "owning_group", "everyone"];
const [inherited, inheritOnly, identifierGroup] = [0x03, 0x08, 0x40];
/** To write, append, delete what is inside, change the list or the owner. */
const changing = 0x02 | 0x04 | 0x40 | 0x4_0000 | 0x8_0000;

const garbled = () =>
  new StewardError(
    "wrong_answer",
    "An access list has a form that is not known here.",
    "Look at it with getfacl, or nfs4xdr_getfacl on TrueNAS.",
  );
