import type { ServerResponse } from "node:http";
import type { Engine } from "./engine.ts";
import { type Fields, fields } from "./model.ts";
import { imageShown, inspected, listed, topOf } from "./render.ts";
import { eventsBody, logBody, type PullFault, pullInto, pullReference, statsOf } from "./streams.ts";

/** What the engine says of itself. */
export interface Face {
  engine_version: string;
  /** The newest API version it speaks: 1.x. */
  api_minor: number;
  min_api_minor: number;
  cgroup: 1 | 2;
}

/** What a test or the demo may turn while the fake runs. */
export interface Knobs {
  /** How long a download takes. */
  pull_ms: number;
  /** What goes wrong with the next downloads. */
  pull_fault: PullFault | null;
}

/** One request, taken apart. */
export interface Call {
  engine: Engine;
  face: Face;
  knobs: Knobs;
  /** The minor API version that the client speaks. */
  api: number;
  parts: readonly string[];
  query: URLSearchParams;
  body: Fields;
  response: ServerResponse;
  json(status: number, body: unknown): void;
  done(status: number): void;
}

type Route = readonly [method: string, path: RegExp, answer: (call: Call) => void | Promise<void>];

/** Every call that Home Steward makes of an engine, and nothing that it must not. */
export const routes: readonly Route[] = [
  ["GET", /^\/_ping$/, ({ response }) => void response.writeHead(200, { "content-type": "text/plain" }).end("OK")],
  ["GET", /^\/version$/, ({ json, face }) => json(200, versionOf(face))],
  ["GET", /^\/info$/, (call) => call.json(200, infoOf(call))],
  [
    "GET",
    /^\/containers\/json$/,
    ({ engine, api, query, json }) => {
      const all = ["1", "true"].includes(query.get("all") ?? "");
      const known = [...engine.containers.values()].map((one) => engine.find(one.id));
      const shown = known.filter((one) => all || one.run.status === "running");
      const newestFirst = shown.sort((a, b) => b.created_ms - a.created_ms);
      json(
        200,
        newestFirst.map((one) => listed(engine, one, api)),
      );
    },
  ],
  [
    "GET",
    /^\/containers\/([^/]+)\/json$/,
    ({ engine, api, parts: [id = ""], json }) => json(200, inspected(engine, engine.find(id), api)),
  ],
  [
    "GET",
    /^\/containers\/([^/]+)\/logs$/,
    ({ engine, parts: [id = ""], query, response }) => {
      const container = engine.find(id);
      const kind = container.config.Tty === true ? "raw" : "multiplexed";
      response.writeHead(200, { "content-type": `application/vnd.docker.${kind}-stream` });
      response.end(logBody(container, query));
    },
  ],
  [
    "GET",
    /^\/containers\/([^/]+)\/stats$/,
    ({ engine, parts: [id = ""], json }) => json(200, statsOf(engine, engine.find(id))),
  ],
  [
    "GET",
    /^\/events$/,
    ({ engine, query, response }) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(eventsBody(engine, query));
    },
  ],
  ["GET", /^\/containers\/([^/]+)\/top$/, ({ engine, parts: [id = ""], json }) => json(200, topOf(engine.find(id)))],
  [
    "POST",
    /^\/containers\/create$/,
    ({ engine, query, body, json }) => json(201, { Id: engine.create(query.get("name") ?? "", body).id, Warnings: [] }),
  ],
  [
    "POST",
    /^\/containers\/([^/]+)\/start$/,
    ({ engine, parts: [id = ""], done }) => done(engine.start(id) ? 204 : 304),
  ],
  ["POST", /^\/containers\/([^/]+)\/stop$/, ({ engine, parts: [id = ""], done }) => done(engine.stop(id) ? 204 : 304)],
  [
    "POST",
    /^\/containers\/([^/]+)\/restart$/,
    ({ engine, parts: [id = ""], done }) => {
      engine.stop(id);
      engine.start(id);
      done(204);
    },
  ],
  [
    "POST",
    /^\/containers\/([^/]+)\/rename$/,
    ({ engine, parts: [id = ""], query, done }) => {
      engine.rename(id, query.get("name") ?? "");
      done(204);
    },
  ],
  [
    "POST",
    /^\/containers\/([^/]+)\/update$/,
    ({ engine, parts: [id = ""], body, json }) => {
      engine.update(id, body);
      json(200, { Warnings: null });
    },
  ],
  [
    "DELETE",
    /^\/containers\/([^/]+)$/,
    ({ engine, parts: [id = ""], query, done }) => {
      const said = (key: string) => ["1", "true"].includes(query.get(key) ?? "");
      engine.remove(id, { force: said("force"), volumes: said("v") });
      done(204);
    },
  ],
  [
    "POST",
    /^\/networks\/([^/]+)\/connect$/,
    ({ engine, parts: [id = ""], body, done }) => {
      engine.connect(id, String(body.Container), fields(body.EndpointConfig));
      done(200);
    },
  ],
  [
    "POST",
    /^\/networks\/([^/]+)\/disconnect$/,
    ({ engine, parts: [id = ""], body, done }) => {
      engine.disconnect(id, String(body.Container));
      done(200);
    },
  ],
  [
    "POST",
    /^\/images\/create$/,
    ({ engine, query, response, knobs }) =>
      pullInto(engine, pullReference(query), response, { pull_ms: knobs.pull_ms, fault: knobs.pull_fault }),
  ],
  [
    "GET",
    /^\/images\/(.+)\/json$/,
    ({ engine, parts: [name = ""], json }) => json(200, imageShown(engine, engine.image(name))),
  ],
  [
    "POST",
    /^\/images\/(.+)\/tag$/,
    ({ engine, parts: [name = ""], query, done }) => {
      engine.tags.set(`${query.get("repo")}:${query.get("tag") || "latest"}`, engine.image(name).id);
      done(201);
    },
  ],
  [
    "GET",
    /^\/distribution\/(.+)\/json$/,
    ({ engine, parts: [name = ""], json }) => {
      const { digest } = engine.registry.resolve(name);
      const mediaType = "application/vnd.oci.image.index.v1+json";
      json(200, { Descriptor: { mediaType, digest, size: 1609 }, Platforms: [{ architecture: "amd64", os: "linux" }] });
    },
  ],
];

function versionOf(face: Face): Fields {
  const [ApiVersion, MinAPIVersion] = [`1.${face.api_minor}`, `1.${face.min_api_minor}`];
  const own = { Version: face.engine_version, ApiVersion, MinAPIVersion, Os: "linux", Arch: "amd64" };
  return { Platform: { Name: "Simulated Docker Engine" }, Components: [], ...own, KernelVersion: "6.12.0" };
}

function infoOf({ engine, face }: Call): Fields {
  const all = [...engine.containers.values()];
  const running = all.filter((one) => one.run.status === "running").length;
  return {
    ID: "00000000-0000-0000-0000-000000000000",
    Containers: all.length,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: all.length - running,
    Images: engine.images.size,
    Driver: "overlay2",
    CgroupDriver: "systemd",
    CgroupVersion: String(face.cgroup),
    KernelVersion: "6.12.0",
    OperatingSystem: "Simulated home (Debian GNU/Linux 12)",
    OSType: "linux",
    Architecture: "x86_64",
    NCPU: 8,
    MemTotal: 34_359_738_368,
    DockerRootDir: "/var/lib/docker",
    Name: "demo-nas",
    // What tells the reader of any answer that this is no real engine.
    Labels: ["home-steward.simulated=true"],
    ServerVersion: face.engine_version,
    Swarm: { NodeID: "", LocalNodeState: "inactive" },
    SecurityOptions: ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
    Warnings: null,
  };
}
