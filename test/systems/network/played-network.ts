import type { Shells } from "../../../src/systems/shell/index.ts";
import { shellOver } from "../../../src/systems/shell/shell.ts";
import { changingCommands, readingCommands } from "../../../src/systems/shell/table.ts";
import { type Played, playedRunner } from "../../support/played-shell.ts";

interface Cable {
  container_id: string;
  pid: number;
  veth: string;
  /** Its kind inside; a macvlan has no end on the host. */
  kind?: string;
}

/** What tc says and does on one interface. */
interface Device {
  root?: { kind: string; handle: string };
  rate?: string;
  incoming?: string;
  filter?: string;
}

/** A machine whose ip and tc keep what they are told, and print as iproute2 6.1 does. */
export function playedNetwork(
  cables: readonly Cable[],
  kernel: { ifb: boolean; police: boolean; sockets?: readonly string[] } = { ifb: true, police: false },
) {
  const devices = new Map<string, Device>(cables.map(({ veth }) => [veth, {}]));
  const made = new Set<string>();
  const failed: Played = { code: 2, stderr: "RTNETLINK answers: Operation not supported" };

  /** The number of its end in the container: 3 for the first of each. */
  const inside = (at: number) => 3 + cables.slice(0, at).filter(({ pid }) => pid === cables[at]?.pid).length;
  const hostLinks = () => [
    ...cables.flatMap(({ veth, kind = "veth" }, at) => {
      // What a macvlan hangs on has a number on the host, too, which says nothing about the veth that happens to have it here.
      if (kind !== "veth") return [link(10 + at, "vethother", "veth", 99)];
      return devices.has(veth) ? [link(10 + at, veth, "veth", inside(at))] : [];
    }),
    ...[...made].map((name, at) => link(100 + at, name, "ifb")),
  ];
  const ip = (words: readonly string[]): Played => {
    const line = words.join(" ");
    if (line === "-d -j link show") return { stdout: JSON.stringify(hostLinks()) };
    const name = words.find((word) => /^hs/.test(word)) ?? "";
    if (line.startsWith("link add")) {
      if (!kernel.ifb || made.has(name)) return failed;
      made.add(name);
      devices.set(name, {});
    }
    if (line.startsWith("link delete") && !(made.delete(name) && devices.delete(name))) return failed;
    return {};
  };

  const tc = (words: readonly string[]): Played => {
    const line = words.join(" ");
    if (line === "-j qdisc show") return { stdout: JSON.stringify([...devices].flatMap(queues)) };
    const name = words[words.indexOf("dev") + 1] ?? "";
    const device = devices.get(name);
    if (device === undefined) return { code: 1, stderr: `Cannot find device "${name}"` };
    const after = (word: string) => words[words.indexOf(word) + 1] ?? "";
    if (line.startsWith("class show"))
      return {
        stdout: device.rate
          ? `class htb 4853:1 root leaf 4854: prio 0 rate ${device.rate} ceil ${device.rate} burst 128Kb cburst 128Kb \n`
          : "",
      };
    if (line.startsWith("filter show")) return { stdout: device.filter ?? "" };
    if (line.startsWith("qdisc add") && words.includes("root")) device.root = { kind: "htb", handle: "4853:" };
    else if (line.startsWith("qdisc delete") && words.includes("root")) {
      delete device.root;
      delete device.rate;
    } else if (line.startsWith("class replace")) device.rate = shown(after("rate"));
    else if (line.endsWith("ffff: ingress") && line.startsWith("qdisc add")) device.incoming = "ingress";
    else if (line.endsWith("ffff: ingress")) {
      delete device.incoming;
      delete device.filter;
    } else if (words.includes("mirred"))
      device.filter = filter(`\taction order 1: mirred (Egress Redirect to device ${words.at(-1)}) stolen`);
    else if (words.includes("police")) {
      if (!kernel.police) return failed;
      device.filter = filter(` police 0x1 rate ${shown(after("rate"))} burst 128Kb mtu 2Kb action drop overhead 0b `);
    }
    return {};
  };

  const runner = playedRunner(([program = "", ...words]) => {
    if (program.endsWith("/ip")) return ip(words);
    if (program.endsWith("/tc")) return tc(words);
    if (program.endsWith("/ss")) return { stdout: (kernel.sockets ?? []).join("\n") };
    const cable = cables.find(({ pid }) => words[1]?.startsWith(`/proc/${pid}/`) || words[1] === `${pid}`);
    if (cable === undefined) return { code: 1, stderr: "No such process" };
    if (program.endsWith("/cat")) return { stdout: `0::/system.slice/docker-${cable.container_id}.scope\n` };
    const own = cables.flatMap(({ pid, kind = "veth" }, at) =>
      pid === cable.pid ? [link(inside(at), `eth${inside(at) - 3}`, kind, 10 + at)] : [],
    );
    return { stdout: JSON.stringify([link(1, "lo"), ...own]) };
  });
  const shells: Shells = {
    reading: shellOver(runner, readingCommands),
    changing: shellOver(runner, changingCommands),
    close: async () => {},
  };
  return { shells, devices, made };
}

const link = (ifindex: number, ifname: string, info_kind?: string, link_index?: number) => ({
  ifindex,
  ifname,
  ...(link_index !== undefined && { link_index }),
  ...(info_kind !== undefined && { linkinfo: { info_kind } }),
});

/** In the unit that tc shows a rate in. */
function shown(rate: string): string {
  const bits = Number(rate.replace(/bit$/, ""));
  return bits % 1e6 === 0 ? `${bits / 1e6}Mbit` : bits % 1e3 === 0 ? `${bits / 1e3}Kbit` : rate;
}

const queues = ([dev, { root, incoming }]: [string, Device]) => [
  { ...(root ?? { kind: "noqueue", handle: "0:" }), dev, root: true, refcnt: 2, options: {} },
  ...(incoming === undefined ? [] : [{ kind: incoming, handle: "ffff:", dev, parent: "ffff:fff1", options: {} }]),
];

const filter = (action: string) => `filter protocol all pref 18515 u32 chain 0 
filter protocol all pref 18515 u32 chain 0 fh 800: ht divisor 1 
filter protocol all pref 18515 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw 
  match 00000000/00000000 at 0
${action}
\tindex 1 ref 1 bind 1
`;
