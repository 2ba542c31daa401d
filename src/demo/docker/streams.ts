import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { type Container, type Fields, fields, type Image, type LogEntry, Refusal, texts } from "./model.ts";
import { parted } from "./registry.ts";
import { instant } from "./render.ts";

/** `GET /containers/{id}/logs`: with a TTY the text as it is, else each line in a frame that says its stream. */
export function logBody(container: Container, query: URLSearchParams): Buffer {
  const since = Number(query.get("since") ?? 0) * 1000;
  const wanted = (entry: LogEntry) => query.get(entry.stream) === "1" || query.get(entry.stream) === "true";
  const all = container.log.filter((entry) => entry.at_ms >= since && wanted(entry));
  const tail = query.get("tail") ?? "all";
  const last = tail === "all" ? all : Number(tail) === 0 ? [] : all.slice(-Number(tail));
  const stamped = ["1", "true"].includes(query.get("timestamps") ?? "");
  const tty = container.config.Tty === true;
  return Buffer.concat(
    last.map((entry) => {
      const text = `${stamped ? `${instant(entry.at_ms)} ` : ""}${entry.text}${tty ? "\r\n" : "\n"}`;
      return tty ? Buffer.from(text) : frame(entry.stream, Buffer.from(text));
    }),
  );
}

/** `GET /events` of the past: a JSON line an event, of the containers and events that the filters name. */
export function eventsBody(engine: Engine, query: URLSearchParams): string {
  const filters = fields(JSON.parse(query.get("filters") ?? "{}"));
  const ids = texts(filters.container).map((name) => engine.find(name).id);
  const event = texts(filters.event);
  const [since, until] = [Number(query.get("since") ?? 0) * 1000, Number(query.get("until")) * 1000];
  return engine.events
    .filter(({ id, action, at_ms }) => ids.includes(id) && event.includes(action) && at_ms >= since && at_ms <= until)
    .map(({ id, action, at_ms, attributes }) => {
      const Actor = { ID: id, Attributes: { name: engine.find(id).name, ...attributes } };
      const time = Math.floor(at_ms / 1000);
      return `${JSON.stringify({ status: action, id, Type: "container", Action: action, Actor, time, timeNano: at_ms * 1e6 })}\n`;
    })
    .join("");
}

function frame(stream: LogEntry["stream"], text: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream === "stderr" ? 2 : 1, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, text]);
}

/** `GET /containers/{id}/stats?one-shot`: counters that grow by the image's rates, never backwards while it runs. */
export function statsOf(engine: Engine, container: Container): Fields {
  const { run, image } = container;
  const idle = { cpu_usage: { total_usage: 0 } };
  const base = { name: `/${container.name}`, id: container.id, preread: instant(0), num_procs: 0, cpu_stats: idle };
  if (run.status !== "running") return { ...base, read: instant(0), pids_stats: {}, memory_stats: {} };
  const now = engine.now();
  const seconds = (now - run.started_ms) / 1000;
  // Its slope stays between 0.6 and 1.4: traffic comes in waves.
  const waves = seconds + 2 * Math.sin(seconds / 5);
  const { behaviour } = carrier(engine, container).image;
  const counted = (rate: number) => Math.floor(rate * Math.max(0, waves));
  const [rx_bytes, tx_bytes] = [counted(behaviour.rx_bytes_per_s), counted(behaviour.tx_bytes_per_s)];
  const none = { rx_packets: 0, rx_errors: 0, rx_dropped: 0, tx_packets: 0, tx_errors: 0, tx_dropped: 0 };
  return {
    ...base,
    read: instant(now),
    pids_stats: { current: 12 },
    cpu_stats: { cpu_usage: { total_usage: Math.floor(seconds * 2e7) }, system_cpu_usage: Math.floor(now * 1e6) },
    memory_stats: { usage: Math.floor(image.size_bytes / 3), stats: { inactive_file: 0 }, limit: 34_359_738_368 },
    networks: { eth0: { ...none, rx_bytes, tx_bytes } },
  };
}

/** Whose network it is: a container in another's network shows that one's counters. */
function carrier(engine: Engine, container: Container): Container {
  const joined = /^container:(.+)$/.exec(container.host.NetworkMode)?.[1];
  return joined === undefined ? container : engine.find(joined);
}

/** What goes wrong in the middle of a pull, after HTTP 200. */
export type PullFault = "disk_full" | "registry_lost" | "hang" | "cut_off";

/** `POST /images/create`: a JSON line for each thing that happens, spread over `pull_ms`. */
export async function pullInto(
  engine: Engine,
  reference: string,
  response: ServerResponse,
  how: { pull_ms: number; fault: PullFault | null },
): Promise<void> {
  const image = engine.registry.resolve(reference);
  const { repository, rest } = parted(reference);
  const say = (line: Fields) => response.write(`${JSON.stringify(line)}\r\n`);
  response.writeHead(200, { "content-type": "application/json" });
  say({ status: `Pulling from ${repository}`, id: rest.slice(1) });
  const known = engine.images.has(image.id);
  if (!known && !(await download(image, say, response, how))) return;
  say({ status: `Digest: ${image.digest}` });
  engine.addImage(image, ...(rest.startsWith(":") ? [`${repository}${rest}`] : []));
  say({ status: `Status: ${known ? "Image is up to date" : "Downloaded newer image"} for ${reference}` });
  response.end();
}

const steps = 5;

async function download(
  image: Image,
  say: (line: Fields) => void,
  response: ServerResponse,
  { pull_ms, fault }: { pull_ms: number; fault: PullFault | null },
): Promise<boolean> {
  const id = image.digest.slice(7, 19);
  say({ status: "Pulling fs layer", progressDetail: {}, id });
  for (let step = 1; step <= steps; step += 1) {
    await sleep(pull_ms / steps);
    const current = Math.floor((image.size_bytes * step) / steps);
    say({ status: "Downloading", progressDetail: { current, total: image.size_bytes }, progress: "[=>   ]", id });
    if (step === 2 && fault !== null) {
      breakPull(fault, say, response);
      return false;
    }
  }
  say({ status: "Download complete", progressDetail: {}, id });
  say({ status: "Extracting", progressDetail: { current: image.size_bytes, total: image.size_bytes }, id });
  say({ status: "Pull complete", progressDetail: {}, id });
  return true;
}

function breakPull(fault: PullFault, say: (line: Fields) => void, response: ServerResponse): void {
  const words = {
    disk_full:
      "failed to register layer: Error processing tar file(exit status 1): write /app/lib.so: no space left on device",
    registry_lost: "Get https://registry-1.docker.io/v2/: dial tcp 192.0.2.10:443: connect: connection refused",
  };
  if (fault === "hang") return;
  if (fault === "cut_off") {
    response.destroy();
    return;
  }
  say({ errorDetail: { message: words[fault] }, error: words[fault] });
  response.end();
}

/** A real engine would fetch every tag where none is said; nobody here means that, so the fake calls it a mistake. */
export function pullReference(query: URLSearchParams): string {
  const [from, tag] = [query.get("fromImage") ?? "", query.get("tag") ?? ""];
  if (tag !== "") return tag.includes(":") ? `${from}@${tag}` : `${from}:${tag}`;
  if (/[:@][^/]*$/.test(from)) return from;
  throw new Refusal(400, "the simulated engine does not pull every tag of an image");
}
