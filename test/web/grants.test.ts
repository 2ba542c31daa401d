import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { type FakeApprovals, fakeApprovals, passphrase } from "./support/fake-approvals.ts";
import { sampleGrant } from "./support/grants.ts";
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

it("shows what is allowed, for what, until when, and what it did last", async () => {
  approvals.granted.push(sampleGrant({ stopped_for: [{ kind: "container", host: "nas", name: "plex" }] }));
  const { text } = await person.get("/");
  for (const words of [
    "Allowed to happen by itself",
    "Start a container that crashed",
    "container plex on nas, every container on box. Until 2027-02-14. 11 of 12 uses are left today.",
    "Last: plex on nas, 2027-01-15 12:30 UTC, rolled back.",
    "After 5 tries in a row it leaves alone: container plex on nas.",
    'href="/plans/p-7kqx2m9dta"',
    "End this now",
  ])
    expect(text).toContain(words);
});

it("shows nothing of the kind where nothing is allowed, or all of it has ended", async () => {
  approvals.granted.push(sampleGrant({ state: "expired" }));
  expect((await person.get("/")).text).not.toContain("Allowed to happen by itself");
});

it("tells a drill and one for emergencies apart", async () => {
  approvals.granted.push(sampleGrant({ drill: true }), sampleGrant({ grant_id: "p-3333333333", emergency: true }));
  const { text } = await person.get("/");
  expect(text).toContain("Drill");
  expect(text).toContain("It cannot be used up.");
});

it("ends one with one press", async () => {
  approvals.granted.push(sampleGrant());
  const pressed = await person.post("/grants/p-7kqx2m9dta/revoke");
  expect(pressed).toMatchObject({ status: 303, headers: { location: "/" } });
  expect(approvals.decisions).toEqual([{ id: "p-7kqx2m9dta", what: "revoke" }]);
  expect((await person.get("/")).text).not.toContain("End this now");
  expect((await person.post("/grants/p-7kqx2m9dta/revoke")).status).toBe(409);
  expect((await person.post("/grants/p-nothing/revoke")).status).toBe(404);
});

it("is for who is logged in, and by its own form only", async () => {
  approvals.granted.push(sampleGrant());
  const stranger = visitor(served.port);
  await stranger.get("/login");
  const pressed = await stranger.post("/grants/p-7kqx2m9dta/revoke");
  expect(pressed.status).toBe(303);
  expect(pressed.headers.location).toContain("/login");
  expect((await person.post("/grants/p-7kqx2m9dta/revoke", { csrf: "x" })).status).toBe(403);
  expect((await person.get("/grants/p-7kqx2m9dta/revoke")).status).toBe(405);
  expect(approvals.decisions).toEqual([]);
});

it("shows a plan's standing approval in the gate's words", async () => {
  const id = approvals.add("p1", { words: { standing: ["Without asking again, until Friday: <b>Start</b>."] } });
  const { text } = await person.get(`/plans/${id}`);
  expect(text).toContain("A standing approval");
  expect(text).toContain("Without asking again, until Friday: &lt;b&gt;Start&lt;/b&gt;.");
  expect((await person.get(`/plans/${approvals.add("p2")}`)).text).not.toContain("A standing approval");
});
