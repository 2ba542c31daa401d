import { describe, expect, it } from "vitest";
import { browserPath, unlessBrowser, useStage } from "./support/browser.ts";
import { passphrase } from "./support/fake-approvals.ts";
import { serve } from "./support/serve.ts";

describe.skipIf(!browserPath)(`the page in a browser${unlessBrowser}`, () => {
  const stage = useStage();

  it("wrong passphrase, login, approve: the code is shown, and again after a reload", async () => {
    const page = await stage.open(`/plans/${stage.approvals.add("p1")}`);
    await page.fill("#passphrase", "wrong");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#problem")).toContain("The passphrase is wrong.");
    await page.fill("#passphrase", passphrase);
    await page.keyboard.press("Enter");
    await page.click("#approve");
    expect(await page.textContent("#code")).toBe("K7QM-2XRA");
    await page.reload();
    expect(await page.textContent("#code")).toBe("K7QM-2XRA");
    expect(page.url()).toBe(`${stage.served.url}/plans/p1`);
    expect(stage.approvals.decisions).toEqual([{ id: "p1", what: "approve", typed: undefined }]);
  });

  it("approve and run: the page follows until it ended, by itself", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    await page.click("#approve-run");
    expect(await page.textContent("#next")).toBe("Claude may go on");
    stage.approvals.set("p1", { status: "running", progress: { done: 1, total: 3, message: "Pulling" } });
    await page.waitForSelector("progress[value='1'][max='3']");
    expect(await page.textContent("#announce")).toBe("Running. 1 of 3 steps done.");
    const target = { kind: "container", host: "nas", name: "plex" };
    stage.approvals.set("p1", { status: "done", results: [{ target, outcome: "done", why: "It is healthy." }] });
    await page.waitForSelector("#results");
    expect(await page.title()).toBe("Done: Update container plex on nas – Home Steward");
  });

  it("works without a script: approve and run, and the page still follows", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`, { javaScriptEnabled: false });
    await page.click("#approve-run");
    await page.waitForSelector("#next");
    stage.approvals.set("p1", { status: "done", results: [] });
    await page.waitForSelector("#results");
  });

  it("deny", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    await page.click("#deny");
    expect(await page.textContent(".pill")).toContain("Denied");
    expect(stage.approvals.decisions).toEqual([{ id: "p1", what: "deny" }]);
  });

  it("a plan that expired meanwhile can't be approved any more", async () => {
    const until = new Date(stage.clock.now() + 2_000).toISOString();
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1", { view: { expires_at: until } })}`);
    await stage.clock.advance(2_000);
    await page.click("#approve");
    expect(await page.textContent("main")).toContain("Its time ran out");
    expect(await page.$("#approve")).toBeNull();
  });

  it("a plan that Claude takes back disappears from under the buttons, and the focus stays sensible", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    await page.focus("#approve");
    stage.approvals.set("p1", { status: "cancelled" });
    await page.waitForSelector(".pill.off");
    expect(await page.evaluate("document.activeElement.id")).toBe("title");
    expect(await page.textContent("#announce")).toBe("");
  });

  it("a destructive plan wants its target's name", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1", {}, "destructive")}`);
    await page.click("#approve");
    expect(stage.approvals.decisions).toEqual([]); // the browser asks for the field
    await page.fill("#typed", "plexx");
    await page.click("#approve");
    expect(await page.textContent("#problem")).toContain("The name you typed is not the target's.");
    expect(await page.evaluate("document.activeElement.id")).toBe("problem");
    await page.fill("#typed", "plex");
    await page.click("#approve");
    expect(await page.textContent("#code")).toBe("K7QM-2XRA");
  });

  it("a session that ended leads to the login, which says so", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    await page.click("#approve-run");
    await page.waitForSelector("#next");
    await stage.clock.advance(600_000);
    await page.waitForSelector("#passphrase");
    expect(await page.textContent(".note")).toContain("Your session ended.");
  });

  it("says when the server is gone", async () => {
    const page = await stage.logIn(`/plans/${stage.approvals.add("p1")}`);
    await page.click("#approve-run");
    await page.waitForSelector("#next");
    await stage.served.close();
    await page.waitForSelector("#contact:not(:empty)");
    stage.served = await serve(stage);
  });
});
