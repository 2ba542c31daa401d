import { eachLimited } from "../../shared/concurrency.ts";
import { StewardError } from "../../shared/errors.ts";
import type { ContainerProcess } from "../cgroup/port.ts";
import type { RunResult, Shells } from "../shell/index.ts";
import { filtersOf, type Link, linksOf, queuesOf, rateOf, socketOf } from "./parse.ts";
import type { ContainerInterface, Network, NetworkChanges, Shaped, Shaping } from "./port.ts";

/** As in the shell's table. */
const ourQueue = "4853:";
const ourClass = "4853:1";
const ourPrio = "18515";

/** Ours, one for a veth, known by its name. */
const ifbOf = (veth: string) => veth.replace(/^veth/, "hs");

/** The containers' network of one host, through its shell: hand `changing` to the gate only. */
export function connectNetwork({ reading, changing }: Shells): { reading: Network; changing: NetworkChanges } {
  async function shaped(veth: string, signal?: AbortSignal): Promise<Shaped & { incoming: boolean }> {
    const options = signal ? { signal } : {};
    const ifb = ifbOf(veth);
    const queues = queuesOf(said(await reading.run("queues", {}, options)));
    const on = (dev: string) => queues.filter((queue) => queue.dev === dev);
    const root = on(veth).find((queue) => queue.root);
    if (root === undefined) throw gone();
    const incoming = on(veth).find(({ kind }) => kind === "ingress" || kind === "clsact");
    const rate = async (device: string) =>
      rateOf(said(await reading.run("queueClasses", { device }, options)), ourClass);
    const listed = incoming ? said(await reading.run("incomingFilters", { veth }, options)) : "";
    const filters = filtersOf(listed, { prio: ourPrio, ifb });
    const ours = root.handle === ourQueue && root.kind === "htb";
    const throughIfb = filters.redirects && on(ifb).length > 0;
    // "0:" is what the kernel puts there by itself; and one for incoming packets that has no filter does nothing.
    const foreign =
      ours || root.handle === "0:" ? incoming && (incoming.kind === "clsact" || filters.others) && incoming : root;
    return {
      ingress_bits_per_s: ours ? await rate(veth) : null,
      egress_bits_per_s: throughIfb ? await rate(ifb) : filters.police_bits_per_s,
      foreign: foreign ? `${foreign.kind} ${foreign.handle}` : null,
      by: throughIfb ? "ifb" : filters.police_bits_per_s === null ? null : "police",
      incoming: incoming !== undefined,
    };
  }

  /** The queue of ours on a device, with this rate; null takes it away. */
  async function queue(device: string, bits_per_s: number | null, there: boolean): Promise<void> {
    if (bits_per_s === null) {
      if (there) done(await changing.run("queueDelete", { device }));
      return;
    }
    if (!there) done(await changing.run("queueAdd", { device }));
    const rate = `${bits_per_s}bit`;
    done(await changing.run("queueRate", { device, rate, burst: `${burstOf(bits_per_s)}` }));
    done(await changing.run("queueLength", { device, limit: `${lengthOf(bits_per_s)}` }));
  }

  async function holdBack(veth: string, bits_per_s: number): Promise<void> {
    const ifb = ifbOf(veth);
    if ((await changing.run("ifbAdd", { ifb })).code === 0) {
      // All of it stands before the first packet is sent that way: none is lost.
      done(await changing.run("ifbUp", { ifb }));
      await queue(ifb, bits_per_s, false);
      done(await changing.run("incomingAdd", { veth }));
      done(await changing.run("incomingRedirect", { veth, ifb }));
      return;
    }
    // A kernel without ifb drops what is too much instead; one that has neither refuses here.
    done(await changing.run("incomingAdd", { veth }));
    const burst = `${burstOf(bits_per_s)}`;
    done(await changing.run("incomingPolice", { veth, rate: `${bits_per_s}bit`, burst }));
  }

  /** A container that ends takes its cable along, and leaves the interface that we made for it, known by our queue on it. */
  async function sweep(): Promise<void> {
    const links = linksOf(said(await reading.run("links", {})));
    const cables = new Set(
      links
        .map(({ ifname }) => ifname)
        .filter((ifname) => ifname.startsWith("veth"))
        .map(ifbOf),
    );
    const queues = queuesOf(said(await reading.run("queues", {})));
    const ours = queues.filter(
      ({ dev, root, handle }) => root && handle === ourQueue && /^hs[0-9A-Za-z]{1,11}$/.test(dev),
    );
    for (const { dev } of ours) if (!cables.has(dev)) await changing.run("ifbDelete", { ifb: dev });
  }

  return {
    reading: {
      async interfaces(of, signal) {
        const options = signal ? { signal } : {};
        const inside = await reading.run("linksInside", { pid: `${of.pid}` }, options);
        if (inside.code !== 0) throw gone();
        await sameContainer(of, signal);
        return pairs(linksOf(inside.stdout), linksOf(said(await reading.run("links", {}, options))));
      },
      async shaped(veth, signal) {
        const { incoming: _, ...found } = await shaped(veth, signal);
        return found;
      },
      async listening(signal) {
        const { stdout, code, stderr } = await reading.run("sockets", {}, signal ? { signal } : {});
        if (code !== 0) throw noSockets(stderr);
        const sockets = stdout.split("\n").flatMap((line) => socketOf(line) ?? []);
        const pids = [...new Set(sockets.flatMap(({ pid }) => pid ?? []))];
        const owners = new Map(
          await eachLimited(pids, 4, async (pid) => [pid, await containerOf(pid, signal)] as const),
        );
        return sockets.map(({ pid, ...socket }) => ({
          ...socket,
          container_id: pid === null ? null : (owners.get(pid) ?? null),
        }));
      },
    },
    changing: {
      async shape(veth, { ingress_bits_per_s, egress_bits_per_s }: Shaping) {
        const now = await shaped(veth).catch((error: unknown) => {
          // What is gone limits nothing; only our own interface may be left of it.
          if (!isGone(error) || ingress_bits_per_s !== null || egress_bits_per_s !== null) throw error;
          return null;
        });
        if (now?.foreign != null) throw foreign();
        if (now !== null) await queue(veth, ingress_bits_per_s, now.ingress_bits_per_s !== null);
        if (egress_bits_per_s !== null && now?.by === "ifb") {
          await queue(ifbOf(veth), egress_bits_per_s, true);
        } else {
          // Something half made, another way of holding back, or none wanted: from the beginning.
          if (now?.incoming) done(await changing.run("incomingDelete", { veth }));
          await changing.run("ifbDelete", { ifb: ifbOf(veth) });
          if (egress_bits_per_s !== null) await holdBack(veth, egress_bits_per_s);
        }
        await sweep();
      },
    },
  };

  /** The container that a process is in; null for the host's own, and for one that has just ended. */
  async function containerOf(pid: number, signal?: AbortSignal): Promise<string | null> {
    const { stdout } = await reading.run("processCgroup", { process: `${pid}/cgroup` }, signal ? { signal } : {});
    return /[/-]([0-9a-f]{64})(?:\.scope)?$/m.exec(stdout)?.[1] ?? null;
  }

  /** A process number is given to another program as soon as its own has ended. */
  async function sameContainer({ container_id, pid }: ContainerProcess, signal?: AbortSignal): Promise<void> {
    const options = signal ? { signal } : {};
    const { stdout, code } = await reading.run("processCgroup", { process: `${pid}/cgroup` }, options);
    if (code !== 0 || !stdout.includes(container_id)) throw gone();
  }
}

/** Both ends of a cable name each other: a number alone may be another interface's on the host by chance. */
function pairs(inside: readonly Link[], host: readonly Link[]): ContainerInterface[] {
  return inside
    .filter(({ ifname }) => ifname !== "lo")
    .map((one) => {
      const end = host.find(
        ({ ifindex, link_index, linkinfo }) =>
          ifindex === one.link_index && link_index === one.ifindex && linkinfo?.info_kind === "veth",
      );
      return { name: one.ifname, veth: end?.ifname ?? null, kind: one.linkinfo?.info_kind ?? "unknown" };
    });
}

/**
 * 20 ms of the rate, and never less than two of the largest packets a cable inside one machine carries (64 KiB): with
 * less the kernel could never send one on time.
 */
const burstOf = (bits_per_s: number) => Math.max(128 * 1024, Math.ceil((bits_per_s / 8) * 0.02));

/** 200 ms of the rate may wait, and never less than four such packets: what waits longer is old when it comes. */
const lengthOf = (bits_per_s: number) => Math.min(999_999_999, Math.max(256 * 1024, Math.ceil((bits_per_s / 8) * 0.2)));

function said({ code, stdout, stderr }: RunResult): string {
  if (code === 0) return stdout;
  throw new StewardError(
    "not_found",
    "An interface of the container is gone.",
    "See whether it runs, and plan it again.",
    {
      cause: new Error(stderr),
    },
  );
}

function done({ code, stderr }: RunResult): void {
  if (code === 0) return;
  throw new StewardError(
    "refused",
    "The kernel did not take a limit for the container's network.",
    "It needs sch_htb, and ifb with act_mirred or act_police: see modprobe there.",
    { cause: new Error(stderr) },
  );
}

const noSockets = (said: string) =>
  new StewardError(
    "wrong_answer",
    "ss on that machine does not list its sockets.",
    "Run it by hand there: ss -lntup.",
    {
      cause: new Error(said),
    },
  );

const isGone = (error: unknown) => error instanceof StewardError && error.code === "not_found";

const gone = () =>
  new StewardError("not_found", "The container was stopped or started anew meanwhile.", "Plan it again.");

const foreign = () =>
  new StewardError(
    "conflict",
    "Somebody else shapes this container's network already.",
    "Take that away by hand (tc qdisc show), or leave it as it is.",
  );
