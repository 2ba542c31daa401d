import type { Found } from "../finding.ts";
import { listed } from "../listed.ts";
import type { ListFacts } from "./lists.ts";
import type { Count, TreeFacts } from "./tally.ts";

/** One tree as it was walked, or why it was not. */
export interface TreeReport {
  path: string;
  filesystem: string;
  owner: string;
  /** Null where it was not walked. */
  facts: TreeFacts | null;
  /** What access lists say; null where they were not read. */
  acls: ListFacts | null;
  /** Why not, or what of it was left out; our own words, names of mounts in it cleaned. */
  note: string | null;
}

/** What the walked trees say against one container: of its own trees everything, of others what it can't reach in them. */
export function treeFindings(container: string, trees: readonly TreeReport[]): Found[] {
  const walked = trees.flatMap(({ facts, ...tree }) => (facts === null ? [] : [{ ...tree, facts }]));
  const own = walked.filter(({ owner }) => owner === container);
  const said = (of: readonly (readonly [string, Count | undefined])[], what: string) =>
    of.flatMap(([path, count]) =>
      count === undefined || count.entries === 0 ? [] : [`${count.entries} ${what} in ${path}: ${examplesOf(count)}`],
    );
  const found = (check: Found["check"], severity: Found["severity"], evidence: string[]): Found[] =>
    evidence.length === 0 ? [] : [{ check, severity, evidence: listed(evidence, 3, 400) }];
  return [
    ...found(
      "world_writable",
      "warning",
      said(
        own.map(({ path, facts }) => [path, facts.world_writable]),
        "that all may write",
      ),
    ),
    ...found(
      "admin_owned",
      "warning",
      said(
        own.map(({ path, facts }) => [path, facts.admin_owned]),
        "of an administrator's",
      ),
    ),
    ...found("setuid_files", "warning", [
      ...said(
        own.map(({ path, facts }) => [path, facts.setuid]),
        "with setuid",
      ),
      ...said(
        own.map(({ path, facts }) => [path, facts.setgid]),
        "with setgid",
      ),
    ]),
    ...found(
      "acls",
      own.some(({ acls }) => (acls?.open ?? 0) > 0) ? "warning" : "info",
      own.flatMap(({ path, acls }) => (acls === null || acls.entries === 0 ? [] : [inWords(path, acls)])),
    ),
    ...found(
      "unreadable",
      "warning",
      said(
        walked.map(({ path, facts }) => [path, facts.unreadable.get(container)]),
        "that it can't read",
      ),
    ),
    ...found(
      "unwritable",
      "info",
      said(
        walked.map(({ path, facts }) => [path, facts.unwritable.get(container)]),
        "that it can't write",
      ),
    ),
  ];
}

const examplesOf = ({ entries, examples }: Count) =>
  `${listed(examples)}${entries > examples.length ? " …" : ""}`.trim();

function inWords(path: string, acls: ListFacts): string {
  const most = [...acls.may].toSorted(([, one], [, other]) => other - one);
  const may = listed(most.map(([words, entries]) => `${words} (${entries})`));
  return `${acls.entries} whose access list says more than their mode in ${path}: ${may}; ${examplesOf(acls)}`;
}
