import { type Attachment, type Container, fields, idOf, type Network, Refusal } from "./model.ts";

/** Which network a mode means; null for those that have no endpoint of their own. */
export function networkOf(mode: string): string | null {
  if (mode === "default") return "bridge";
  return mode.startsWith("container:") ? null : mode;
}

export function attach(container: Container, network: Network, asked: unknown): void {
  if (container.host.NetworkMode === "host" || container.host.NetworkMode.startsWith("container:"))
    throw new Refusal(
      400,
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  if (container.attached.some((one) => one.network === network.name))
    throw new Refusal(403, `endpoint with name ${container.name} already exists in network ${network.name}`);
  container.attached.push(attachment(container, network.name, asked));
}

export function attachment(container: { id: string }, network: string, asked: unknown): Attachment {
  return { network, asked: fields(asked), endpoint_id: idOf(`endpoint ${container.id} ${network}`), address: null };
}

/** Gives every endpoint its address: the static one, or the next free one. Errors: the address is in use. */
export function takeAddresses(container: Container, networks: ReadonlyMap<string, Network>, all: Iterable<Container>) {
  const taken = new Set([...all].flatMap((one) => one.attached.map((endpoint) => endpoint.address)));
  for (const endpoint of container.attached) {
    const subnet = networks.get(endpoint.network)?.subnet ?? null;
    if (subnet === null) continue;
    const fixed = fields(endpoint.asked.IPAMConfig).IPv4Address;
    if (typeof fixed === "string" && fixed !== "") {
      if (taken.has(fixed)) throw new Refusal(403, "Address already in use");
      endpoint.address = fixed;
    } else {
      let last = 2;
      while (taken.has(`${subnet}.${last}`)) last += 1;
      endpoint.address = `${subnet}.${last}`;
    }
    taken.add(endpoint.address);
  }
}

export function macOf(address: string): string {
  return ["02", "42", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}

/** Host ports that a running container holds: "0.0.0.0:8989/tcp". */
export function publishedPorts(container: Container): { inside: string; hostPort: string }[] {
  return Object.entries(fields(container.host.PortBindings)).flatMap(([inside, bindings]) =>
    (Array.isArray(bindings) ? bindings : []).flatMap((binding) => {
      const hostPort = fields(binding).HostPort;
      return typeof hostPort === "string" && hostPort !== "" ? [{ inside, hostPort }] : [];
    }),
  );
}
