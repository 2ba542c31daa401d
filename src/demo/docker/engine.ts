import { mergedConfig, mergedHost, mountsOf } from "./create.ts";
import {
  type Container,
  type Fields,
  fields,
  type Image,
  idOf,
  type LifeEvent,
  type Network,
  Refusal,
} from "./model.ts";
import { attach, attachment, networkOf, publishedPorts, takeAddresses } from "./networks.ts";
import { parted, type Registry, startRegistry } from "./registry.ts";
import { updatedHost } from "./update.ts";

/** The state of a simulated engine and what its calls do to it. Time is read, never waited for. */
export class Engine {
  readonly containers = new Map<string, Container>();
  /** By id. */
  readonly images = new Map<string, Image>();
  /** "repository:tag" to image id. */
  readonly tags = new Map<string, string>();
  readonly networks = new Map<string, Network>();
  /** Names of the volumes, anonymous ones too; they outlive their containers. */
  readonly volumes = new Set<string>();
  readonly registry: Registry = startRegistry();
  /** What happened to its containers, oldest first. */
  readonly events: LifeEvent[] = [];
  readonly now: () => number;
  /** From start to the healthcheck's verdict. */
  readonly health_after_ms: number;
  #made = 0;

  constructor(options: { now: () => number; health_after_ms: number }) {
    this.now = options.now;
    this.health_after_ms = options.health_after_ms;
    for (const [name, driver] of [
      ["bridge", "bridge"],
      ["host", "host"],
      ["none", "null"],
    ] as const)
      this.addNetwork(name, driver === "bridge" ? "172.17.0" : null, driver);
  }

  addNetwork(name: string, subnet: string | null, driver = "bridge"): void {
    this.networks.set(name, { name, id: idOf(`network ${name}`), driver, subnet });
  }

  /** By name, id, or the beginning of one, in Docker's order. */
  find(name: string): Container {
    const all = [...this.containers.values()];
    const found =
      this.containers.get(name) ??
      all.find((one) => one.name === name) ??
      all.find((one) => /^[0-9a-f]+$/.test(name) && one.id.startsWith(name));
    if (found === undefined) throw new Refusal(404, `No such container: ${name}`);
    this.#live(found);
    return found;
  }

  image(name: string): Image {
    const { repository, rest } = parted(name);
    const byDigest = [...this.images.values()].find((one) => `${one.repository}@${one.digest}` === repository + rest);
    const id = this.tags.get(repository + rest) ?? (name.startsWith("sha256:") ? name : `sha256:${name}`);
    const found = byDigest ?? this.images.get(id);
    if (found === undefined) throw new Refusal(404, `No such image: ${repository}${rest}`);
    return found;
  }

  network(name: string): Network {
    const found = this.networks.get(name) ?? [...this.networks.values()].find((one) => one.id === name);
    if (found === undefined) throw new Refusal(404, `network ${name} not found`);
    return found;
  }

  addImage(image: Image, ...references: string[]): void {
    this.images.set(image.id, image);
    for (const reference of references) this.tags.set(reference, image.id);
  }

  create(name: string, asked: Fields): Container {
    this.#nameIsFree(name);
    const image = this.image(String(asked.Image));
    this.#made += 1;
    const id = idOf(`container ${name} ${this.#made}`);
    const askedHost = fields(asked.HostConfig);
    const mode = this.#resolvedMode(String(askedHost.NetworkMode || "default"));
    const config = mergedConfig(asked, image, id);
    const host = mergedHost(askedHost, mode);
    const endpoints = { ...fields(fields(asked.NetworkingConfig).EndpointsConfig) };
    const main = networkOf(mode);
    if (main !== null && !(main in endpoints)) endpoints[main] = {};
    const container: Container = {
      id,
      name,
      created_ms: this.now(),
      image,
      config,
      host,
      mounts: mountsOf(config, host, id),
      attached: Object.entries(endpoints).map(([network, settings]) => attachment({ id }, network, settings)),
      run: { status: "created", started_ms: 0, finished_ms: 0, exit_code: 0, oom: false, restarts: 0, pid: 0 },
      log: [],
    };
    this.containers.set(id, container);
    for (const { Name } of container.mounts) if (Name !== undefined) this.volumes.add(Name);
    return container;
  }

  /** Answers false where it already runs. */
  start(name: string): boolean {
    const container = this.find(name);
    if (container.run.status === "running") return false;
    for (const { network } of container.attached) this.network(network);
    this.#joins(container);
    for (const port of publishedPorts(container))
      if ([...this.#running()].some((one) => publishedPorts(one).some((taken) => taken.hostPort === port.hostPort)))
        throw new Refusal(
          500,
          `driver failed programming external connectivity on endpoint ${container.name} (${idOf(container.id)}): ` +
            `Bind for 0.0.0.0:${port.hostPort} failed: port is already allocated`,
        );
    takeAddresses(container, this.networks, this.#running());
    const now = this.now();
    container.run = { ...container.run, status: "running", started_ms: now, oom: false, exit_code: 0 };
    this.#happened(container, "start", now);
    container.run.pid = 2000 + (Number.parseInt(container.id.slice(0, 4), 16) % 30_000);
    for (const { stream, text } of container.image.behaviour.says) container.log.push({ at_ms: now, stream, text });
    return true;
  }

  /** Answers false where it is already stopped. */
  stop(name: string): boolean {
    const container = this.find(name);
    if (container.run.status !== "running" && container.run.status !== "restarting") return false;
    const now = this.now();
    this.#happened(container, "kill", now, { signal: "15" });
    this.#ended(container, now, 0, false);
    this.#happened(container, "stop", now);
    return true;
  }

  /** What `docker update` changes. Of what else is asked a real engine, too, says nothing and does nothing. */
  update(name: string, asked: Fields): void {
    const container = this.find(name);
    container.host = updatedHost(container.host, asked);
  }

  rename(name: string, to: string): void {
    const container = this.find(name);
    if (to === "") throw new Refusal(400, "Neither old nor new names may be empty");
    if (container.name === to) throw new Refusal(400, "Renaming a container with the same name as its current name");
    this.#nameIsFree(to, "Error when allocating new name: ");
    container.name = to;
  }

  /** `volumes` takes the anonymous ones along: those whose names are 64 hex digits. */
  remove(name: string, { force, volumes }: { force: boolean; volumes: boolean }): void {
    const container = this.find(name);
    if (container.run.status === "running" && !force)
      throw new Refusal(
        409,
        `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
      );
    this.containers.delete(container.id);
    for (const { Name = "" } of container.mounts) if (volumes && /^[0-9a-f]{64}$/.test(Name)) this.volumes.delete(Name);
  }

  connect(network: string, name: string, settings: unknown): void {
    const [to, container] = [this.network(network), this.find(name)];
    attach(container, to, settings);
    if (container.run.status === "running") takeAddresses(container, this.networks, this.#running(container));
  }

  disconnect(network: string, name: string): void {
    const [from, container] = [this.network(network), this.find(name)];
    const left = container.attached.filter((one) => one.network !== from.name);
    if (left.length === container.attached.length)
      throw new Refusal(500, `container ${container.id} is not connected to network ${from.name}`);
    container.attached = left;
  }

  *#running(except?: Container): Iterable<Container> {
    for (const one of this.containers.values()) if (one !== except && one.run.status === "running") yield one;
  }

  /** Lets what ends by itself have ended. */
  #live(container: Container): void {
    const { exits } = container.image.behaviour;
    if (exits === undefined || container.run.status !== "running") return;
    const end = container.run.started_ms + exits.after_ms;
    if (this.now() >= end) this.#ended(container, end, exits.code, exits.oom);
  }

  #happened({ id }: Container, action: string, at_ms: number, attributes: Record<string, string> = {}): void {
    this.events.push({ id, action, at_ms, attributes });
    if (this.events.length > 256) this.events.shift();
  }

  #ended(container: Container, at_ms: number, exit_code: number, oom: boolean): void {
    if (oom) this.#happened(container, "oom", at_ms);
    this.#happened(container, "die", at_ms, { exitCode: String(exit_code) });
    container.run = { ...container.run, status: "exited", finished_ms: at_ms, exit_code, oom, pid: 0 };
    for (const endpoint of container.attached) endpoint.address = null;
    if (container.host.AutoRemove === true) this.containers.delete(container.id);
  }

  #nameIsFree(name: string, before = ""): void {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
      throw new Refusal(400, `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
    const holder = [...this.containers.values()].find((one) => one.name === name);
    if (holder !== undefined)
      throw new Refusal(
        409,
        `${before}Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
          "You have to remove (or rename) that container to be able to reuse that name.",
      );
  }

  #resolvedMode(mode: string): string {
    const joined = /^container:(.+)$/.exec(mode)?.[1];
    return joined === undefined ? mode : `container:${this.find(joined).id}`;
  }

  #joins(container: Container): void {
    const joined = /^container:(.+)$/.exec(container.host.NetworkMode)?.[1];
    if (joined !== undefined && this.find(joined).run.status !== "running")
      throw new Refusal(409, `cannot join network of a non running container: ${joined}`);
  }
}
