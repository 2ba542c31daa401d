import type { AccessList } from "./port.ts";

/**
 * Reads what getfacl prints, record by record: "# file: PATH" with odd characters as "\\012", then the entries of the
 * list. Only named users and groups are told: the rest is the entry's mode.
 */
export async function* accessListsOf(lines: AsyncIterable<string>): AsyncGenerator<AccessList, void, undefined> {
  let path: string | null = null;
  let grants: string[] = [];
  for await (const line of lines) {
    if (line.startsWith("# file: ")) path = unescaped(line.slice("# file: ".length));
    else if (/^(user|group):\d+:[rwx-]{3}/.test(line)) grants.push(line.split(/\s/, 1)[0] ?? "");
    else if (line === "") {
      if (path !== null && grants.length > 0) yield { path, grants };
      path = null;
      grants = [];
    }
  }
  if (path !== null && grants.length > 0) yield { path, grants };
}

const unescaped = (text: string) =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
