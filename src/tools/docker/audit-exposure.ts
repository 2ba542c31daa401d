import { z } from "zod";
import { auditExposure as audit } from "../../analysis/exposure/audit.ts";
import { asProblem, type Problem } from "../../shared/errors.ts";
import type { ListeningSocket } from "../../systems/network/port.ts";
import { readingTool, type ToolContext } from "../define.ts";
import { readSettings } from "./exposure/read-settings.ts";
import { hostName } from "./inputs.ts";
import { pageInOrder } from "./page.ts";
import { readContainers } from "./read-containers.ts";
import { saySilent, severity, silentHosts, silentOf } from "./shapes.ts";

const mostShown = 50;
const isProblem = ({ severity }: { severity: string }) => severity !== "info";

/** Every port that others than the host itself reach, and which of them need not be open. */
export const auditExposure = readingTool({
  name: "audit_exposure",
  title: "Audit open ports",
  description:
    "Every port reachable from outside a host: who answers, what is in front of it (proxy, tunnel, login), ways round that, " +
    "what to close and how. Accepted ones (Plex's 32400) with their conditions. Every site that proxies lead to and whether " +
    "a login is asked, by their settings (nginx, SWAG, NPM, Caddy, Traefik, HAProxy, cloudflared); what runs otherwise than " +
    "its compose file says. Says what it can't see.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    host: hostName.optional(),
    only_problems: z.boolean().optional(),
    cursor: z.string().max(20).optional(),
  }),
  output: z.object({
    ports: z.array(
      z.object({
        host: z.string(),
        port: z.string(),
        addresses: z.array(z.string()),
        answers: z.string(),
        verdict: z.enum(["close", "check", "accepted", "front_door"]),
        severity,
        why: z.string(),
        fix: z.string(),
        conditions: z.array(z.object({ what: z.string(), met: z.boolean().nullable() })).optional(),
      }),
    ),
    total: z.number(),
    to_close: z.number(),
    next_cursor: z.string().optional(),
    sites: z.array(
      z.object({
        host: z.string(),
        proxy: z.string(),
        site: z.string(),
        leads_to: z.string(),
        login: z.enum(["asked", "partly", "unsure", "not_seen"]),
        by: z.string().nullable(),
        open_parts: z.array(z.string()),
        from: z.string(),
        severity,
      }),
    ),
    total_sites: z.number(),
    differences: z.array(z.object({ host: z.string(), container: z.string(), file: z.string(), what: z.string() })),
    unseen: z.array(z.string()),
    silent_hosts: silentHosts,
  }),
  async read({ host, only_problems, cursor }, context) {
    const { systems, settings, signal } = context;
    const answers = await systems.docker.each(async (docker, at) => {
      const [containers, sockets] = await Promise.all([readContainers(docker, { signal }), socketsOf(at, context)]);
      const heard = Array.isArray(sockets) ? sockets : null;
      const read = await readSettings(containers, at, context);
      const { ports, sites, differences, unseen } = audit(containers, heard, settings.acceptedPorts ?? [], read);
      const more = Array.isArray(sockets) || sockets === null ? [] : [`${sockets.message} ${sockets.fix}`];
      return {
        ports: ports.map((port) => ({ host: at, ...port })),
        sites: sites.map((site) => ({ host: at, ...site })),
        differences: differences.map((difference) => ({ host: at, ...difference })),
        unseen: [...unseen, ...more].map((what) => `${at}: ${what}`),
      };
    }, host);
    const seen = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    const all = seen.flatMap(({ ports }) => ports);
    const isWanted = (one: { severity: string }) => !only_problems || isProblem(one);
    const wanted = all.filter(isWanted);
    const some = seen.flatMap((one) => one.sites).filter(isWanted);
    // Those of the last host, too, before what needs nothing.
    const sites = [...some.filter(isProblem), ...some.filter((site) => !isProblem(site))];
    const differences = seen.flatMap((one) => one.differences);
    const cut = differences.length > mostShown ? [`${differences.length - mostShown} more that run otherwise.`] : [];
    const { shown, ...page } = pageInOrder(wanted, 40, cursor);
    return {
      ports: shown,
      ...page,
      to_close: all.filter(({ verdict }) => verdict === "close").length,
      sites: sites.slice(0, mostShown),
      total_sites: sites.length,
      differences: differences.slice(0, mostShown),
      unseen: [...seen.flatMap(({ unseen }) => unseen), ...cut],
      silent_hosts: silentOf(answers),
    };
  },
  say: ({ ports, total, to_close, next_cursor, sites, total_sites, differences, unseen, silent_hosts }) =>
    [
      `${total} open ports, ${to_close} to close${next_cursor === undefined ? "" : `; ${ports.length} shown (cursor ${next_cursor} gives more)`}.`,
      ...saySilent(silent_hosts),
      ...ports.map(
        ({ host, port, answers, severity, verdict, why, fix }) =>
          `- ${severity}, ${verdict.replace("_", " ")}: ${port} on ${host}, ${answers}. ${why} ${fix}`,
      ),
      ...(sites.length > 0
        ? [`Sites${sites.length < total_sites ? ` (${sites.length} of ${total_sites})` : ""}:`]
        : []),
      ...sites.map(
        ({ host, proxy, site, leads_to, from, ...login }) =>
          `- ${site} leads to ${leads_to} through ${proxy} on ${host}: ${sayLogin(login)} (${from})`,
      ),
      ...(differences.length > 0 ? ["Runs otherwise than its compose file says:"] : []),
      ...differences.map(({ host, container, what }) => `- ${container} on ${host}: ${what}`),
      ...(unseen.length > 0 ? ["Not seen from here:", ...unseen.map((what) => `- ${what}`)] : []),
    ].join("\n"),
});

function sayLogin({ login, by, open_parts }: { login: string; by: string | null; open_parts: string[] }): string {
  if (login === "not_seen") return "no login is seen in front; only its own, if it has one.";
  if (login === "partly") return `${by} asks, but not for ${open_parts.join(", ")}.`;
  return login === "asked" ? `${by} asks.` : `${by} seems to ask; not all that says so was read.`;
}

/** What listens on a host; null without a shell there, and the problem where it does not tell. */
async function socketsOf(host: string, { systems, signal }: ToolContext): Promise<ListeningSocket[] | Problem | null> {
  if (!systems.network.hosts.includes(host)) return null;
  return systems.network.one(host).system.listening(signal).catch(asProblem);
}
