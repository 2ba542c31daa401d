/** A container's own name. An engine lists links as further names, `/web/db`, and gives all with a slash in front. */
export function ownName(names: readonly string[]): string {
  const plain = names.map((name) => name.replace(/^\//, ""));
  return plain.find((name) => !name.includes("/")) ?? plain[0] ?? "";
}
