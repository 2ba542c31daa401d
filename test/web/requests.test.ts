import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { connect, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkComesFromHere, loopbackNames } from "../../src/web/guard.ts";
import { fakeClock } from "../support/clock.ts";
import { fakeApprovals, passphrase } from "./support/fake-approvals.ts";
import { ask, type Served, serve, visitor } from "./support/serve.ts";

const clock = fakeClock();
const approvals = fakeApprovals(clock);
let served: Served;

beforeEach(async () => {
  served = await serve({ approvals, clock });
});
afterEach(() => served.close());

describe("every answer", () => {
  it.each(["/login", "/", "/plans/nope", "/assets/style.css", "/assets/page.js", "/assets/icon.svg"])(
    "of %s can't be framed, cached, sniffed, scripted or followed from outside",
    async (path) => {
      const { headers } = await ask(served.port, path);
      expect(headers).toMatchObject({
        "content-security-policy":
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
    },
  );

  it("carries no inline script or style, which the policy would block anyway", async () => {
    const person = visitor(served.port);
    await person.logIn(passphrase);
    const { text } = await person.get(`/plans/${approvals.add("inline")}`);
    expect(text).not.toMatch(/<script(?! src)|<style|\son\w+=|\sstyle=/);
  });

  it("of a path that is not the page's is left to others", async () => {
    expect(await ask(served.port, "/mcp")).toMatchObject({ status: 404, text: "not the page's" });
    expect(await ask(served.port, "/constructor")).toMatchObject({ status: 404, text: "not the page's" });
    expect(await ask(served.port, "/plans/a/b")).toMatchObject({ status: 404, text: "not the page's" });
  });

  it("to HEAD has the headers of GET and no body", async () => {
    const [head, get] = [await ask(served.port, "/login", { method: "HEAD" }), await ask(served.port, "/login")];
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
  });
});

describe("who may ask", () => {
  it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.1.1:8471"])(
    "refuses the Host %j",
    async (host) => {
      const answer = await ask(served.port, "/login", { headers: { host } });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain("called by a name it does not have");
      expect(answer.headers["set-cookie"]).toBeUndefined();
    },
  );

  it.each([
    ["192.168.1.20", true],
    ["::ffff:10.0.0.1", true],
    ["fe80::1", true],
    ["127.0.0.1", false],
    ["::ffff:127.0.0.1", false],
    ["::1", false],
  ])("refuses other machines, should it ever be bound beyond loopback: %s %s", (remoteAddress, refused) => {
    const socket = Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress });
    const req = new IncomingMessage(socket);
    req.headers.host = "127.0.0.1:8471";
    const check = () => checkComesFromHere(req, loopbackNames);
    if (refused) expect(check).toThrow("answers only to the machine it runs on");
    else expect(check).not.toThrow();
  });

  it("refuses a request without a Host", async () => {
    const socket = connect(served.port, "127.0.0.1");
    socket.write("GET /login HTTP/1.0\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it.each(["127.0.0.1:9000", "localhost:8471", "LOCALHOST:1", "[::1]:8471"])("answers to the Host %s", async (host) => {
    expect((await ask(served.port, "/login", { headers: { host } })).status).toBe(200);
  });

  it.each(["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])(
    "refuses the Origin %s, read or write",
    async (origin) => {
      const person = visitor(served.port);
      await person.get("/login");
      expect((await ask(served.port, "/login", { headers: { origin } })).status).toBe(403);
      const posted = await person.post("/login", { passphrase }, { origin });
      expect(posted.status).toBe(403);
      expect(posted.text).toContain("comes from another site");
    },
  );

  it("refuses a form whose origin nobody tells", async () => {
    const answer = await ask(served.port, "/login", {
      method: "POST",
      body: "csrf=x",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("does not say which site sent this form");
  });

  it.each([
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
  ])("refuses what other pages fetch or embed: %j", async (headers) => {
    expect((await ask(served.port, "/login", { headers })).status).toBe(403);
  });

  it("sends who follows a link on another site on to the same page, once, so that the session's cookie comes along", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const hop = await ask(served.port, "/plans/p1", { headers });
    expect(hop.text).toContain('<meta http-equiv="refresh" content="0;url=/plans/p1?hop=1">');
    expect(hop.headers["set-cookie"]).toBeUndefined();
    expect((await ask(served.port, "/plans/p1?hop=1", { headers })).status).toBe(303);
  });
});

describe("a form", () => {
  it.each([
    ["none", { csrf: "" }],
    ["a wrong one", { csrf: "x".repeat(43) }],
  ] as const)("with %s for a token is refused, at the login too", async (_, fields) => {
    const person = visitor(served.port);
    await person.get("/login");
    expect((await person.post("/login", { passphrase, ...fields })).status).toBe(403);
    await person.logIn(passphrase);
    const id = approvals.add("csrf");
    const refused = await person.post(`/plans/${id}/approve`, fields);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("does not belong to your session");
    expect(approvals.get(id).status).toBe("pending");
  });

  it("with the token of another session is refused", async () => {
    const [one, other] = [visitor(served.port), visitor(served.port)];
    await one.logIn(passphrase);
    await other.logIn(passphrase);
    const id = approvals.add("other");
    expect((await one.post(`/plans/${id}/deny`, { csrf: other.csrf() })).status).toBe(403);
    expect((await one.post(`/plans/${id}/deny`)).status).toBe(303);
  });

  it("without a cookie is refused", async () => {
    const person = visitor(served.port);
    await person.get("/login");
    expect((await person.post("/login", { passphrase }, { cookie: "" })).status).toBe(403);
  });

  it("larger than 4 KiB is refused without waiting for its end, and the connection closed", async () => {
    const socket = connect(served.port, "127.0.0.1");
    socket.write(postHead(1_000_000) + "x".repeat(5000));
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 .*connection: close/s);
    await once(socket, "close");
  });

  it("in another format is refused", async () => {
    const person = visitor(served.port);
    await person.get("/login");
    expect((await person.post("/login", {}, { "content-type": "text/plain" })).status).toBe(415);
  });

  it("that trickles in is given up after ten seconds, and others are served meanwhile", async () => {
    const socket = connect(served.port, "127.0.0.1");
    const received: string[] = [];
    socket.on("data", (chunk) => received.push(chunk.toString()));
    socket.write(`${postHead(100)}csrf`);
    expect((await ask(served.port, "/login")).status).toBe(200);
    const closed = once(socket, "close");
    await vi.waitFor(async () => {
      await clock.advance(10_000);
      expect(received.join("")).not.toBe("");
    });
    await closed;
    expect(received.join("")).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe("a method the address does not have", () => {
  it.each([
    ["DELETE", "/login", "GET, HEAD, POST"],
    ["POST", "/", "GET, HEAD"],
    ["GET", "/plans/p1/approve", "POST"],
    ["GET", "/logout", "POST"],
  ])("%s %s is answered 405 with what it has", async (method, path, allow) => {
    const headers = { origin: served.url };
    expect(await ask(served.port, path, { method, headers })).toMatchObject({ status: 405, headers: { allow } });
  });
});

const postHead = (bytes: number) =>
  `POST /login HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nOrigin: ${served.url}\r\n` +
  `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${bytes}\r\n\r\n`;
