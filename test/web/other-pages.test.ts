import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { browserPath, unlessBrowser, useStage } from "./support/browser.ts";
import type { Served } from "./support/serve.ts";

describe.skipIf(!browserPath)(`the page against other pages of the same browser${unlessBrowser}`, () => {
  const stage = useStage();
  let other: Served;
  let body = "";

  beforeEach(async () => {
    const server = createServer((_, res) => res.setHeader("content-type", "text/html").end(body));
    server.listen(0);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    other = { url: "", port, close: async () => void server.close() };
  });
  afterEach(() => other.close());

  it("shows nothing in a frame of another port, although the session's cookie comes along", async () => {
    const page = await stage.logIn("/");
    body = `<iframe src="${stage.served.url}/"></iframe>`;
    await page.goto(`http://127.0.0.1:${other.port}/`);
    const [, frame] = page.frames();
    expect(frame?.url()).toBe("chrome-error://chromewebdata/");
    expect(await frame?.content()).not.toMatch(/plan|Log in/);
  });

  it("takes no form from another port, although the session's cookie comes along", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    const token = await page.getAttribute('input[name="csrf"]', "value"); // more than another page could ever know
    body = `<form method="post" action="${stage.served.url}/plans/p1/approve"><input name="csrf" value="${token}"><button>`;
    await page.goto(`http://127.0.0.1:${other.port}/`);
    const [answer] = await Promise.all([page.waitForResponse(/approve/), page.click("button")]);
    expect(answer.status()).toBe(403);
    expect(stage.approvals.get("p1").status).toBe("pending");
  });

  it("a link on another site leads to the plan without a second login", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    body = `<a href="${stage.served.url}/plans/p1">the plan</a>`;
    await page.goto(`http://localhost:${other.port}/`);
    await page.click("a");
    await page.waitForSelector("#approve");
  });
});
