import { once } from "node:events";
import { createServer, type OutgoingHttpHeaders, request } from "node:http";
import type { Approvals } from "../../../src/confirm/define.ts";
import { createPage, type PageOptions } from "../../../src/web/page.ts";

export interface Served {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** The page on a free port of loopback, as a house would mount it. */
export async function serve(options: PageOptions & { approvals: Approvals }): Promise<Served> {
  const page = createPage(options);
  const server = createServer(async (req, res) => {
    if (!(await page(req, res))) res.writeHead(404).end("not the page's");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A request with exactly these headers; nothing is followed or added. */
export function ask(
  port: number,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    req.on("error", reject);
    req.end(body);
  });
}

/** A browser in few lines: keeps the cookie, sends Origin with forms, finds the form token on the last page. */
export function visitor(port: number) {
  let cookie = "";
  let csrf = "";
  const keep = (answer: Answer) => {
    const [set] = [answer.headers["set-cookie"] ?? []].flat();
    if (set) cookie = set.split(";", 1)[0] ?? "";
    csrf = /name="csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? csrf;
    return answer;
  };
  const self = {
    cookie: () => cookie,
    csrf: () => csrf,
    get: async (path: string) => keep(await ask(port, path, { headers: { cookie } })),
    post: async (path: string, fields: Record<string, string> = {}, headers: OutgoingHttpHeaders = {}) =>
      keep(
        await ask(port, path, {
          method: "POST",
          body: new URLSearchParams({ csrf, ...fields }).toString(),
          headers: {
            cookie,
            origin: `http://127.0.0.1:${port}`,
            "content-type": "application/x-www-form-urlencoded",
            ...headers,
          },
        }),
      ),
    async logIn(passphrase: string, next = "/") {
      await self.get("/login");
      const answer = await self.post("/login", { passphrase, next });
      await self.get("/");
      return answer;
    },
  };
  return self;
}
