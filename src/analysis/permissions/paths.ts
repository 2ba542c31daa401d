/** "/a/b" and "/a/b/" are the same; the root is "". */
const bare = (path: string): string => path.replace(/\/+$/, "");

/** Whether `path` is `folder` or lies below it, by whole segments: "/mnt/tank2" is not within "/mnt/tank". */
export function within(path: string, folder: string): boolean {
  const [inner, outer] = [bare(path), bare(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
}

export const samePath = (one: string, other: string): boolean => bare(one) === bare(other);

/** Below it, and not the folder itself. */
export const below = (path: string, folder: string): boolean => within(path, folder) && !samePath(path, folder);

export const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");
