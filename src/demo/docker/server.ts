import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Engine } from "./engine.ts";
import type { Misbehave } from "./faults.ts";
import { type Fields, fields, Refusal } from "./model.ts";
import { type Call, type Face, type Knobs, routes } from "./routes.ts";

/** A call that was made of the fake, for those who want to see what was asked. */
export interface Asked {
  method: string;
  /** With query, without version. */
  path: string;
}

/** The wire of a simulated engine: versions, faults, routes, and refusals as Docker words them. */
export function engineListener(
  engine: Engine,
  settings: { face: Face; knobs: Knobs; misbehave: Misbehave; asked(call: Asked): void },
): RequestListener {
  const { face, knobs, misbehave, asked } = settings;
  return async (request, response) => {
    const headers = { "Api-Version": `1.${face.api_minor}`, Server: `Docker/${face.engine_version} (linux)` };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const { method = "GET", url = "/" } = request;
    const [, minor, path = "/"] = /^(?:\/v1\.(\d+))?(\/.*)$/.exec(url) ?? [];
    asked({ method, path });
    try {
      const body = await bodyOf(request);
      if (await misbehave(path, request, response)) return;
      const api = minor === undefined ? face.api_minor : Number(minor);
      if (api > face.api_minor)
        throw new Refusal(
          400,
          `client version 1.${api} is too new. Maximum supported API version is 1.${face.api_minor}`,
        );
      if (api < face.min_api_minor)
        throw new Refusal(
          400,
          `client version 1.${api} is too old. Minimum supported API version is 1.${face.min_api_minor}`,
        );
      const { pathname, searchParams: query } = new URL(path, "http://docker");
      const done = (status: number) => void response.writeHead(status).end();
      await answer(method, pathname, { engine, face, knobs, api, parts: [], query, body, response, json, done });
    } catch (error) {
      refuse(response, error, json);
    }
  };
}

async function answer(method: string, path: string, call: Call): Promise<void> {
  for (const [verb, pattern, respond] of routes) {
    const match = verb === method ? pattern.exec(path) : null;
    if (match !== null) return respond({ ...call, parts: match.slice(1).map(decodeURIComponent) });
  }
  throw new Refusal(404, "page not found");
}

function refuse(response: ServerResponse, error: unknown, json: (status: number, body: unknown) => void): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof Refusal) json(error.status, { message: error.message });
  else json(500, { message: "the fake made a mistake" });
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return text === "" ? {} : fields(JSON.parse(text));
  } catch {
    throw new Refusal(400, "invalid JSON");
  }
}
