import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PlanStatus } from "../../src/confirm/define.ts";
import { html } from "../../src/web/html.ts";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { type FakeApprovals, fakeApprovals, passphrase } from "./support/fake-approvals.ts";
import { type Served, serve, visitor } from "./support/serve.ts";

let clock: FakeClock;
let approvals: FakeApprovals;
let served: Served;
let person: ReturnType<typeof visitor>;

beforeEach(async () => {
  clock = fakeClock();
  approvals = fakeApprovals(clock);
  served = await serve({ approvals, clock });
  person = visitor(served.port);
  await person.logIn(passphrase);
});
afterEach(() => served.close());

describe("html", () => {
  it("escapes every value, in text and in attributes, and joins lists", () => {
    const hostile = `<script>alert("1")</script>&'\``;
    expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;&#96;">' +
        "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;&#96;</p>",
    );
    expect(String(html`${["<", html`<b>`, [1, null, false, undefined]]}`)).toBe("&lt;<b>1");
  });

  it("drops what a person can't see or what turns the text round", () => {
    expect(String(html`${"delete\u202e gnp.\u200bx\u0007"}`)).toBe("delete gnp.x");
  });
});

describe("a plan", () => {
  it("is shown in the gate's words: changes, steps with their undo, warnings, risk, what it touches, digest", async () => {
    const { text } = await person.get(`/plans/${approvals.add("p1")}`);
    for (const words of [
      "Update container plex on nas",
      "image: plexinc/pms-docker:latest (sha256:5f1e0a6c…) → (sha256:c20d91b7…)",
      "Stop plex and keep it under another name",
      "Undo: start it again under its own name",
      "Whoever is watching Plex now is interrupted for about a minute.",
      "The old container and its image are kept",
      "Interrupts a service while it runs.",
      "It touches 1 container.",
      "9f2c7d0e4b1a86355f1e0a6c3d2b4f7a9f2c7d0e4b1a86355f1e0a6c3d2b4f7a",
      "(10 min 0 s left)",
    ])
      expect(text).toContain(words);
  });

  it("shows hostile text as text", async () => {
    const evil = `"><img src=x onerror=alert(1)><form action=//evil>`;
    const id = approvals.add("evil", {
      words: { heading: evil, warnings: [evil], undo: evil, risk_says: evil, touches: evil, tool: evil },
    });
    const pending = (await person.get(`/plans/${id}`)).text;
    approvals.set(id, { status: "failed", note: evil });
    const failed = (await person.get(`/plans/${id}`)).text;
    expect(pending + failed).not.toMatch(/<img src=x|<form action=\/\//);
    expect(pending.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;/g)).toHaveLength(7);
    expect(failed.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;/g)).toHaveLength(7);
  });

  it("approved with a code shows it until it is used, on a reload too, and to this session only", async () => {
    const id = approvals.add("p1");
    await person.get(`/plans/${id}`);
    const pressed = await person.post(`/plans/${id}/approve`, { run: "no" });
    expect(pressed).toMatchObject({ status: 303, headers: { location: "/plans/p1" }, text: "" });
    expect((await person.get(`/plans/${id}`)).text).toContain('<output id="code">K7QM-2XRA</output>');
    expect((await person.get(`/plans/${id}`)).text).toContain("K7QM-2XRA");
    const other = visitor(served.port);
    await other.logIn(passphrase);
    expect((await other.get(`/plans/${id}`)).text).not.toContain("K7QM");
    approvals.set(id, { status: "running" });
    expect((await person.get(`/plans/${id}`)).text).not.toContain("K7QM");
  });

  it("approved to run shows no code, then how far it is, then what came of it", async () => {
    const id = approvals.add("p1");
    await person.post(`/plans/${id}/approve`, { run: "yes" });
    expect(approvals.decisions).toEqual([{ id, what: "approve and run", typed: undefined }]);
    expect((await person.get(`/plans/${id}`)).text).toContain("Claude may go on");
    approvals.set(id, { status: "running", progress: { done: 2, total: 5, message: "Waiting for plex" } });
    const running = (await person.get(`/plans/${id}`)).text;
    expect(running).toContain('max="5" value="2"');
    expect(running).toContain('<noscript><meta http-equiv="refresh" content="4;url=/plans/p1?auto=1"></noscript>');
    const target = { kind: "container", host: "nas", name: "plex" };
    approvals.set(id, {
      status: "rolled_back",
      results: [{ target, outcome: "rolled_back", why: "It stayed unhealthy." }],
    });
    const ended = (await person.get(`/plans/${id}`)).text;
    expect(ended).toContain("It stayed unhealthy.");
    expect(ended).not.toContain("data-poll");
  });

  it("that destroys wants its target's name: a wrong one is said and nothing happens, spaces around it are forgiven", async () => {
    const id = approvals.add("p1", {}, "destructive");
    expect((await person.get(`/plans/${id}`)).text).toContain("to approve</label>");
    const wrong = await person.post(`/plans/${id}/approve`, { run: "no", typed: "plexx" });
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain("The name you typed is not the target&#39;s.");
    expect(wrong.text).toContain('value="plexx"');
    expect(wrong.text).toContain('aria-invalid="true"');
    expect(approvals.get(id).status).toBe("pending");
    expect((await person.post(`/plans/${id}/approve`, { run: "no", typed: " plex " })).status).toBe(303);
  });

  it("decided twice says what it is by now", async () => {
    const id = approvals.add("p1");
    await person.post(`/plans/${id}/deny`);
    const again = await person.post(`/plans/${id}/approve`, { run: "no" });
    expect(again.status).toBe(409);
    expect(again.text).toContain("This plan is denied.");
    expect(again.text).not.toContain('id="approve"');
  });

  it("approved too late is expired", async () => {
    const id = approvals.add("p1", { view: { expires_at: new Date(clock.now() + 1000).toISOString() } });
    await person.get(`/plans/${id}`);
    await clock.advance(1000);
    const late = await person.post(`/plans/${id}/approve`, { run: "no" });
    expect(late.status).toBe(409);
    expect(late.text).toContain("Its time ran out");
  });

  it.each<[PlanStatus, string]>([
    ["done", "The gate says so."],
    ["failed", "The gate says so."],
    ["unknown", "The gate says so."],
    ["cancelled", "The gate says so. If you still want it, ask Claude for a new plan."],
    ["stale", "The gate says so. If you still want it, ask Claude for a new plan."],
    ["void", "The gate says so. If you still want it, ask Claude for a new plan."],
  ])("that is %s says so and offers no button", async (status, says) => {
    const { text } = await person.get(`/plans/${approvals.add("p1", { view: { status, note: "The gate says so." } })}`);
    expect(text).toContain(`<p class="lead">${says}</p>`);
    expect(text).not.toMatch(/id="(approve|deny|cancel)"/);
  });

  it("approved can be taken back, running can be stopped", async () => {
    const id = approvals.add("p1");
    await person.post(`/plans/${id}/approve`, { run: "yes" });
    expect((await person.get(`/plans/${id}`)).text).toContain("Take it back");
    await person.post(`/plans/${id}/deny`);
    approvals.set(id, { status: "running" });
    expect((await person.get(`/plans/${id}`)).text).toContain("Stop this plan");
    await person.post(`/plans/${id}/cancel`);
    expect(approvals.decisions.map(({ what }) => what)).toEqual(["approve and run", "deny", "cancel"]);
  });

  it("that nobody knows is a page that helps", async () => {
    const { status, text } = await person.get("/plans/nope");
    expect(status).toBe(404);
    expect(text).toContain("There is no such plan.");
    expect(text).toContain('href="/"');
  });
});

it("lists what waits, what is on its way, and what this person saw since the login", async () => {
  expect((await person.get("/")).text).toContain("No plans wait for you");
  approvals.add("p1");
  approvals.add("p2");
  const two = (await person.get("/")).text;
  expect(two).toContain("2 plans wait for you");
  await person.get("/plans/p1");
  await person.post("/plans/p1/deny");
  approvals.add("p3", { view: { status: "running" } });
  const { text } = await person.get("/");
  expect(text).toContain("1 plan waits for you");
  expect(text.indexOf('href="/plans/p3"')).toBeGreaterThan(text.indexOf("Others</h2>"));
  expect(text.indexOf('href="/plans/p2"')).toBeLessThan(text.indexOf("Others</h2>"));
  expect(text.indexOf('href="/plans/p1"')).toBeGreaterThan(text.indexOf("Others</h2>"));
});

it("stops everything with one press and lets it go on with another", async () => {
  await person.post("/stop", { on: "yes" });
  expect((await person.get("/")).text).toContain("Everything is stopped");
  await person.post("/stop", { on: "no" });
  expect((await person.get("/")).text).not.toContain("Everything is stopped");
  expect(approvals.decisions.map(({ what }) => what)).toEqual(["stop", "go on"]);
});

it("says how to make an approver when there is none", async () => {
  approvals.approver = false;
  await person.post("/logout");
  const { text } = await person.get("/login");
  expect(text).toContain("home-steward setup");
  expect(text).not.toContain("password");
});

it("shows the demo's passphrase in the demo home only", async () => {
  expect((await visitor(served.port).get("/login")).text).not.toContain("demo home");
  const demo = await serve({ approvals, clock, demo: { passphrase: "plum garden kettle" } });
  expect((await visitor(demo.port).get("/login")).text).toContain("plum garden kettle");
  await demo.close();
});

it("gives nothing away when it breaks, and goes on", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const id = approvals.add("p1");
  approvals.broken = new Error("secret path /var/lib/x");
  const { status, text } = await person.post(`/plans/${id}/approve`, { run: "no" });
  expect(status).toBe(500);
  expect(text).toContain("Home Steward made a mistake here.");
  expect(text).not.toContain("secret");
  expect(String(stderr.mock.calls[0]?.[0])).toContain("secret path");
  stderr.mockRestore();
});
