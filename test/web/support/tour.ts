import type { Page } from "playwright-core";
import { type FakeApprovals, passphrase } from "./fake-approvals.ts";
import { sampleGrant } from "./grants.ts";

/** Leads through every page there is, in the order a person would, and stops at each. */
export async function tour(page: Page, url: string, approvals: FakeApprovals, stop: (name: string) => Promise<void>) {
  const at = async (name: string, selector: string) => {
    await page.waitForSelector(selector);
    await stop(name);
  };
  approvals.approver = false;
  await page.goto(url);
  await at("no approver", "pre");
  approvals.approver = true;
  await page.goto(url);
  await at("login", "#passphrase");
  await page.fill("#passphrase", "wrong");
  await page.keyboard.press("Enter");
  await at("login failed", "#problem");
  await page.fill("#passphrase", passphrase);
  await page.keyboard.press("Enter");
  await at("no plans", ".empty");
  for (const risk of ["reversible", "disruptive", "destructive"] as const) approvals.add(risk, {}, risk);
  await page.goto(url);
  await at("plans", ".plans");
  approvals.granted.push(sampleGrant({ stopped_for: [{ kind: "container", host: "nas", name: "plex" }] }));
  approvals.add("standing", {
    words: { standing: ["Without asking again, until Friday: Start a container that crashed."] },
  });
  await page.goto(url);
  await at("standing approvals", "#revoke-p-7kqx2m9dta");
  await page.goto(`${url}/plans/standing`);
  await at("a plan that grants one", "#standing");
  await page.goto(`${url}/plans/destructive`);
  await at("plan", "#typed");
  await page.fill("#typed", "a-very-long-name-that-is-not-the-one-and-does-not-end-anywhere-soon");
  await page.click("#approve");
  await at("mistyped", "#problem");
  await page.fill("#typed", "plex");
  await page.click("#approve");
  await at("code", "#code");
  await page.goto(`${url}/plans/disruptive`);
  await page.click("#approve-run");
  await at("approved to run", "#next");
  approvals.set("disruptive", { status: "running", progress: { done: 1, total: 3, message: "Stopping plex" } });
  await at("running", "progress");
  const target = { kind: "container", host: "nas", name: "plex" };
  const results = [
    { target, outcome: "rolled_back" as const, why: `It stayed unhealthy: sha256:${"5f1e0a6c".repeat(8)}` },
  ];
  approvals.set("disruptive", { status: "rolled_back", results });
  await at("ended", "#results");
  await page.goto(`${url}/plans/reversible`);
  await page.click("#deny");
  await at("denied", ".pill.off");
  await page.goto(`${url}/plans/nope`);
  await at("unknown plan", "#problem");
  await page.goto(url);
  await page.click("#stop");
  await at("stopped", "#go-on");
  await page.click("#go-on");
  await page.click("#logout");
  await at("logged out", "#passphrase");
}
