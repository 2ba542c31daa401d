/** Why a container has no traffic of its own to measure, from its state and network mode; null when it has. */
export function uncountable(
  state: string,
  networkMode: string,
  nameOf: (id: string) => string | undefined,
): string | null {
  if (state !== "running" && state !== "paused") return `it is not running (${state})`;
  if (networkMode === "host") return "it uses the host's network: the counters would be those of the whole host";
  if (networkMode === "none") return "it has no network";
  if (!networkMode.startsWith("container:")) return null;
  const owner = nameOf(networkMode.slice("container:".length));
  return `it uses the network of ${owner ?? "a container that is gone"}: its traffic is counted there`;
}
