import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openHome, stateFolder } from "./home.ts";
import { type Flavour, type Lab, registry, until } from "./lab.ts";

/** What the registry has next, and whether a second container lives in the first one's network. */
export interface Story {
  name: string;
  version: number;
  flavours: readonly Flavour[];
  sidecar: boolean;
}

/** Where one update at a time takes place: a name and an image that no other lane uses. */
export interface Lane {
  web: string;
  side: string;
  /** Image ids by story, once they were published. */
  images: Map<string, { old: string; next: string }>;
}

/** So many updates side by side. */
export function lanesOf(count: number): { with<T>(work: (lane: Lane) => Promise<T>): Promise<T> } {
  const free = Array.from({ length: count }, (_, n): Lane => ({ web: `web${n}`, side: `side${n}`, images: new Map() }));
  const waiting: ((lane: Lane) => void)[] = [];
  return {
    async with(work) {
      const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
      try {
        return await work(lane);
      } finally {
        const next = waiting.shift();
        if (next) next(lane);
        else free.push(lane);
      }
    },
  };
}

const child = fileURLToPath(new URL("crash-child.ts", import.meta.url));

/**
 * Plans and approves an update; a process of its own applies it and kills itself at event `killAt` (0: never). Then
 * comes what else happens `after` that; then another process's gate looks after it, and the docker CLI tells what runs.
 */
export async function applyAndKill(lab: Lab, lane: Lane, story: Story, killAt: number, after = async () => {}) {
  const { old, next } = await reset(lab, lane, story);
  const folder = await stateFolder(lab);
  const before = openHome(folder, lab.socket);
  const { plan_id } = await before.plan("update_container", { containers: [lane.web] });
  const token = await before.approve(plan_id);
  await before.close();

  const dying = spawn(process.execPath, [child, folder, lab.socket, plan_id, token, String(killAt)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  dying.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const [, killed] = await once(dying, "close");
  await after();

  const successor = openHome(folder, lab.socket);
  await successor.gate.recover();
  const view = successor.gate.get(plan_id);
  await successor.close();
  const image = await lab.docker("inspect", "-f", "{{.Image}}", lane.web);
  const health = () => lab.docker("inspect", "-f", "{{.State.Health.Status}}", lane.web);
  const settled = await until(health, (status) => status !== "starting");
  const events: string[] = said === "" ? [] : JSON.parse(said);
  return {
    events,
    killed,
    outcome: view.results?.[0]?.outcome,
    why: view.results?.[0]?.why,
    running: `${image === old ? "old" : image === next ? "new" : "neither"}, ${settled}`,
    left: await containersOf(lab, lane),
  };
}

/** Names without the lane's number; a sidecar shows that it still sees its neighbour, a spare one its state. */
async function containersOf(lab: Lab, { web, side }: Lane): Promise<string[]> {
  const all = (await lab.docker("ps", "-a", "--format", "{{.Names}}")).split("\n");
  const ours = all.filter((name) => name.startsWith(web) || name.startsWith(side)).sort();
  return Promise.all(
    ours.map(async (name) => {
      const plain = name.replace(/\d+/, "");
      if (name.includes("steward")) return `${plain} ${await lab.docker("inspect", "-f", "{{.State.Status}}", name)}`;
      if (name !== side) return plain;
      const seen = await lab.docker("exec", side, "wget", "-q", "-O-", "http://127.0.0.1:8080/").catch(() => "nothing");
      return `${plain} sees ${seen.replace(/\d/, "web")}`;
    }),
  );
}

async function reset(lab: Lab, lane: Lane, story: Story) {
  const { web, side, images } = lane;
  const image = `${registry}/${web}-${story.name}`;
  const all = (await lab.docker("ps", "-a", "--format", "{{.Names}}")).split("\n");
  const ours = all.filter((name) => name.startsWith(web) || name.startsWith(side));
  if (ours.length > 0) await lab.docker("rm", "-fv", ...ours);
  let ids = images.get(story.name);
  if (ids === undefined) {
    const idOf = async () => {
      await lab.docker("pull", "-q", image);
      return lab.docker("image", "inspect", "-f", "{{.Id}}", image);
    };
    await lab.publish(`${web}-${story.name}`, story.version, ...story.flavours);
    const next = await idOf();
    await lab.publish(`${web}-${story.name}`, 1);
    ids = { next, old: await idOf() };
    await lab.publish(`${web}-${story.name}`, story.version, ...story.flavours);
    images.set(story.name, ids);
  }
  await lab.docker("tag", ids.old, `${image}:latest`);
  await lab.docker("run", "-d", "--name", web, "--restart", "always", image);
  if (story.sidecar)
    await lab.docker(
      ...["run", "-d", "--name", side, "--network", `container:${web}`, "--entrypoint", "/bin/sh"],
      ...["--stop-signal", "KILL", image, "-c", "sleep 1000"],
    );
  return ids;
}
