import type { ContainerProcess } from "../cgroup/port.ts";

/** One of a container's interfaces, and the host's end of its cable. */
export interface ContainerInterface {
  /** In the container: "eth0". */
  name: string;
  /** On the host: "veth1cb6289"; null where there is none (macvlan, ipvlan). */
  veth: string | null;
  /** As the kernel calls its kind: "veth", "macvlan". */
  kind: string;
}

/** What may pass in bits per second; null where nothing of ours limits it. Ingress is what the container receives. */
export interface Shaping {
  ingress_bits_per_s: number | null;
  egress_bits_per_s: number | null;
}

/** How the host's end of a container's cable is shaped now. */
export interface Shaped extends Shaping {
  /** What somebody else set there, as the kernel names it ("root htb 1:"); null for nothing. */
  foreign: string | null;
  /** How what the container sends is held back: through an interface of its own, or by dropping what is too much. */
  by: "ifb" | "police" | null;
}

/** A socket that waits for others, and whose it is. */
export interface ListeningSocket {
  protocol: "tcp" | "udp";
  /** "0.0.0.0" and "::" for all. */
  address: string;
  port: number;
  /** "sshd"; null where the account may not see it. */
  program: string | null;
  /** Of the container whose process it is; null for the host's own. */
  container_id: string | null;
}

/**
 * The network of one machine's containers, read only. Errors (StewardError): those of the shell; not_found (the process
 * or interface is gone), wrong_answer.
 */
export interface Network {
  interfaces(of: ContainerProcess, signal?: AbortSignal): Promise<ContainerInterface[]>;
  shaped(veth: string, signal?: AbortSignal): Promise<Shaped>;
  /** In the host's own network, containers in it included. */
  listening(signal?: AbortSignal): Promise<ListeningSocket[]>;
}

/** For approved steps only. Same errors; and conflict (somebody else's queue is there), refused (the kernel can't). */
export interface NetworkChanges {
  /** Makes it so, from whatever of ours is there; both null takes all of ours away. Safe to repeat. */
  shape(veth: string, shaping: Shaping): Promise<void>;
}
