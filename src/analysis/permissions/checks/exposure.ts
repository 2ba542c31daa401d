import type { Check, Found } from "../finding.ts";
import { listed } from "../listed.ts";

const everywhere = new Set(["", "0.0.0.0", "::", "[::]"]);
/** Databases and control ports, which hardly ever are meant for the whole network; the engine's own are root. */
const inner = new Set([1433, 3306, 5432, 5984, 6379, 8086, 9042, 9200, 11211, 27017]);
const engine = new Set([2375, 2376]);

/** What of it can be reached, from where. audit_exposure follows each port to what answers there. */
export const exposure: Check = ({ container }) => {
  const { HostConfig, NetworkSettings, Config } = container;
  const found: Found[] = [];
  const published = Object.entries(HostConfig.PortBindings ?? {}).flatMap(([inside, places]) =>
    (places ?? []).map(({ HostIp = "", HostPort = "" }) => ({ inside, address: HostIp, port: Number(HostPort) })),
  );
  const open = published.filter(({ address }) => everywhere.has(address));
  const ports = [...new Set(open.map(({ inside, port }) => (port > 0 ? `${port} → ${inside}` : inside)))];
  if (HostConfig.PublishAllPorts) ports.push("all ports of its image");
  if (ports.length > 0) {
    const inside = open.map((one) => Number.parseInt(one.inside, 10));
    found.push({
      check: "published_everywhere",
      severity: inside.some((port) => engine.has(port))
        ? "critical"
        : inside.some((port) => inner.has(port))
          ? "warning"
          : "info",
      evidence: `on every address of this machine: ${listed(ports)}`,
    });
  }
  const low = [...new Set(published.filter(({ port }) => port > 0 && port < 1024).map(({ port }) => String(port)))];
  if (low.length > 0)
    found.push({ check: "privileged_port", severity: "info", evidence: `published on ${listed(low)}` });
  const networks = Object.keys(NetworkSettings.Networks);
  if (HostConfig.NetworkMode === "default" || HostConfig.NetworkMode === "bridge" || networks.includes("bridge"))
    found.push({
      check: "default_bridge",
      severity: "info",
      evidence: "it is on docker0, with all that say nothing else",
    });
  const command = [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(" ");
  if (/(^|[\s/])sshd(\s|$)/.test(command) || published.some(({ inside }) => inside === "22/tcp"))
    found.push({ check: "sshd_inside", severity: "info", evidence: "an ssh server runs in it" });
  return found;
};
