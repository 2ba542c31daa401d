import { z } from "zod";
import { StewardError } from "../../shared/errors.ts";

const link = z.looseObject({
  ifindex: z.number(),
  link_index: z.number().optional(),
  ifname: z.string(),
  linkinfo: z.looseObject({ info_kind: z.string().optional() }).optional(),
});
const queue = z.looseObject({
  // Both are shown to people, in our own sentences.
  kind: z.string().regex(/^[a-z0-9_]{1,20}$/),
  handle: z
    .string()
    .regex(/^[0-9a-f]{1,4}:$/)
    .default("0:"),
  dev: z.string(),
  root: z.boolean().optional(),
  parent: z.string().optional(),
});

export type Link = z.output<typeof link>;
export type Queue = z.output<typeof queue>;

/** ip -d -j link show */
export const linksOf = (text: string): Link[] => json(text, z.array(link));

/** tc -j qdisc show */
export const queuesOf = (text: string): Queue[] => json(text, z.array(queue));

/** The rate of our class in `tc class show`, bits per second; null where it has none. */
export function rateOf(classes: string, ourClass: string): number | null {
  const words = classes.split("\n").find((line) => line.startsWith(`class htb ${ourClass} `));
  return words === undefined ? null : bits(/ rate (\S+) /.exec(words)?.[1]);
}

/** What the filters on incoming packets do: ours, by number and target, and whether there are others. */
export function filtersOf(
  text: string,
  ours: { prio: string; ifb: string },
): { redirects: boolean; police_bits_per_s: number | null; others: boolean } {
  const blocks = text.split(/^filter /m).slice(1);
  const mine = blocks.filter((block) => block.includes(` pref ${ours.prio} `));
  const police = / police \S+ rate (\S+) /.exec(mine.join(""))?.[1];
  return {
    redirects: mine.some((block) => block.includes(`Redirect to device ${ours.ifb})`)),
    police_bits_per_s: police === undefined ? null : bits(police),
    others: mine.length < blocks.length,
  };
}

/** One line of `ss -H -l -n -t -u -p`; null for what is no socket of the network. */
export function socketOf(
  line: string,
): { protocol: "tcp" | "udp"; address: string; port: number; program: string | null; pid: number | null } | null {
  const [protocol, , , , local = "", , ...rest] = line.trim().split(/\s+/);
  if (protocol !== "tcp" && protocol !== "udp") return null;
  const [, text = "", port = ""] = /^(.*):(\d+)$/.exec(local) ?? [];
  if (port === "") return null;
  // "*" is every address of both kinds; "%lo" behind an address names its interface.
  const address = text === "*" ? "::" : text.replace(/%[^\]]*/, "").replace(/^\[|\]$/g, "");
  const [, program, pid] = /^users:\(\("([\w .:/@+-]{1,32})",pid=(\d+)/.exec(rest.join(" ")) ?? [];
  return {
    protocol,
    address,
    port: Number(port),
    program: program ?? null,
    pid: pid === undefined ? null : Number(pid),
  };
}

const steps: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** tc writes "20Mbit", "12500Kbit", "900bit". */
function bits(word: string | undefined): number {
  const [, amount, step = ""] = /^(\d+)([KMGT]?)bit$/.exec(word ?? "") ?? [];
  return amount === undefined ? wrong() : Number(amount) * (steps[step] ?? 1);
}

function json<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    return wrong(cause);
  }
}

function wrong(cause?: unknown): never {
  const fix = "See whether ip and tc there are those of iproute2.";
  throw new StewardError("wrong_answer", "That machine's network reads as nothing known.", fix, { cause });
}
