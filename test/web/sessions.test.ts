import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { type FakeApprovals, fakeApprovals, passphrase } from "./support/fake-approvals.ts";
import { ask, type Served, serve, visitor } from "./support/serve.ts";

const minute = 60_000;
let clock: FakeClock;
let approvals: FakeApprovals;
let served: Served;

beforeEach(async () => {
  clock = fakeClock();
  approvals = fakeApprovals(clock);
  served = await serve({ approvals, clock });
});
afterEach(() => served.close());

it("sets a cookie that scripts, other sites and other ports don't get, with a new random id at every login", async () => {
  const before = await ask(served.port, "/login");
  const cookie = String(before.headers["set-cookie"]);
  expect(cookie).toMatch(new RegExp(`^home_steward_${served.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
  const person = visitor(served.port);
  await person.get("/login");
  const anonymous = person.cookie();
  const first = await person.logIn(passphrase);
  expect(first).toMatchObject({ status: 303, headers: { location: "/" } });
  expect(person.cookie()).not.toBe(anonymous);
  expect(String(first.headers["set-cookie"])).toMatch(/=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
});

it("shows nothing to who is not logged in, and brings them back to the plan after the login", async () => {
  const id = approvals.add("p1");
  const person = visitor(served.port);
  const sent = await person.get(`/plans/${id}`);
  expect(sent).toMatchObject({ status: 303, headers: { location: "/login?next=%2Fplans%2Fp1" } });
  const login = await person.get("/login?next=%2Fplans%2Fp1");
  expect(login.text).not.toContain("plex");
  expect(login.text).toContain('name="next" value="/plans/p1"');
  expect(await person.post("/login", { passphrase, next: "/plans/p1" })).toMatchObject({
    status: 303,
    headers: { location: "/plans/p1" },
  });
});

it.each(["https://evil.example/", "//evil.example", "/plans/../logout", "/\\evil"])(
  "never leads to %s after a login",
  async (next) => {
    const person = visitor(served.port);
    await person.get("/login");
    expect((await person.post("/login", { passphrase, next })).headers.location).toBe("/");
  },
);

it("refuses a wrong passphrase, and says how long a lock lasts", async () => {
  const person = visitor(served.port);
  await person.get("/login");
  const wrong = await person.post("/login", { passphrase: "wrong" });
  expect(wrong.status).toBe(403);
  expect(wrong.text).toContain("The passphrase is wrong.");
  expect(wrong.text).not.toContain('value="wrong"');
  approvals.lockedFor = "30 minutes";
  const locked = await person.post("/login", { passphrase });
  expect(locked.status).toBe(403);
  expect(locked.text).toContain("Try again in 30 minutes.");
  expect((await person.get("/")).status).toBe(303);
});

it("ends after ten idle minutes and drops the key; a press after that changes nothing", async () => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  const id = approvals.add("p1", { view: { expires_at: "2027-01-15T13:00:00.000Z" } });
  await clock.advance(9 * minute);
  expect((await person.get(`/plans/${id}`)).status).toBe(200);
  await clock.advance(9 * minute);
  expect((await person.get("/")).status).toBe(200);
  await clock.advance(10 * minute);
  const late = await person.post(`/plans/${id}/approve`, { run: "yes" });
  expect(late).toMatchObject({ status: 303, headers: { location: "/login?next=%2Fplans%2Fp1&why=ended" } });
  expect((await person.get("/login?why=ended")).text).toContain("Your session ended.");
  expect(approvals.decisions).toEqual([]);
  expect(approvals.signers).toEqual([{ locked: true }]);
});

it("does not take a page that asks again by itself for a person", async () => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  await clock.advance(9 * minute);
  expect((await person.get("/?auto=1")).status).toBe(200);
  await clock.advance(minute);
  expect((await person.get("/?auto=1")).headers.location).toBe("/login?next=%2F&why=ended");
});

it.each([
  ["went on while the machine slept", 0, -10 * minute],
  ["was set back", 0, 1000],
  ["was set back by less than the time that went by", 10 * minute, 5 * minute],
])("ends when the wall clock %s", async (_, lived_ms, back_ms) => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  await clock.advance(lived_ms);
  clock.setBack(back_ms);
  expect((await person.get("/")).status).toBe(303);
});

it("ends at the logout, cookie and key with it", async () => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  const stale = person.cookie();
  const out = await person.post("/logout");
  expect(out).toMatchObject({ status: 303, headers: { location: "/login?why=out" } });
  expect(String(out.headers["set-cookie"])).toContain("Max-Age=0");
  expect(approvals.signers).toEqual([{ locked: true }]);
  expect((await ask(served.port, "/", { headers: { cookie: stale } })).status).toBe(303);
});

it("ends when the same browser logs in anew", async () => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  await person.post("/login", { passphrase });
  expect(approvals.signers).toEqual([{ locked: true }, { locked: false }]);
});

it("keeps eight sessions; a ninth login ends the oldest", async () => {
  for (let n = 0; n < 9; n++) await visitor(served.port).logIn(passphrase);
  expect(approvals.signers.map(({ locked }) => locked)).toEqual([true, ...Array(8).fill(false)]);
});

it("ends when the key locked itself; the press that found out changes nothing", async () => {
  const person = visitor(served.port);
  await person.logIn(passphrase);
  const id = approvals.add("p1");
  await person.get(`/plans/${id}`);
  Object.assign(approvals.signers[0] ?? {}, { locked: true });
  const late = await person.post(`/plans/${id}/approve`, { run: "yes" });
  expect(late.headers.location).toBe("/login?next=%2Fplans%2Fp1&why=ended");
  expect(approvals.decisions).toEqual([]);
});
