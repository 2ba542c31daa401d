import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, makeHome, PASSPHRASE } from "../support/gate.ts";
import { lampProposal } from "../support/lamps.ts";
import { browserPath, launch, unlessBrowser } from "./support/browser.ts";
import { type Served, serve, visitor } from "./support/serve.ts";

let home: Home;
let served: Served;
let person: ReturnType<typeof visitor>;

beforeEach(async () => {
  home = await makeHome();
  served = await serve({ approvals: home.gate, clock: home.clock });
  person = visitor(served.port);
});
afterEach(async () => {
  await served.close();
  home.close();
});

describe("the page before the real gate", () => {
  it("gives a code that makes apply_plan run exactly that plan, once", async () => {
    const id = await home.plan();
    await person.logIn(PASSPHRASE);
    const asked = (await person.get(`/plans/${id}`)).text;
    for (const words of [
      "Change lamp hall on home",
      "bulb: red → blue",
      "Put the new bulb in",
      home.gate.get(id).digest,
    ])
      expect(asked).toContain(words);
    await person.post(`/plans/${id}/approve`, { run: "no" });
    const code =
      /<output id="code">([A-Z2-9]{4}-[A-Z2-9]{4})</.exec((await person.get(`/plans/${id}`)).text)?.[1] ?? "";
    expect(await home.apply(id, code)).toMatchObject({ status: "done" });
    expect(home.lamps.get("hall")).toBe("blue");
    await expect(home.apply(id, code)).rejects.toThrow();
    expect((await person.get(`/plans/${id}`)).text).toContain("It shows blue.");
  });

  it("lets a waiting apply_plan go on without a code", async () => {
    const id = await home.plan();
    await person.logIn(PASSPHRASE);
    const applied = home.apply(id, undefined, { waitSeconds: 50 });
    await person.post(`/plans/${id}/approve`, { run: "yes" });
    await home.clock.advance(5_000);
    expect(await applied).toMatchObject({ status: "done" });
  });

  it("denies, takes back, and stops everything", async () => {
    await person.logIn(PASSPHRASE);
    const [denied, back, stopped] = [await home.plan(), await home.plan(), await home.plan()];
    await person.post(`/plans/${denied}/deny`);
    await person.post(`/plans/${back}/approve`, { run: "yes" });
    await person.post(`/plans/${back}/deny`);
    await person.post("/stop", { on: "yes" });
    const refused = await person.post(`/plans/${stopped}/approve`, { run: "yes" });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("A person has stopped all changes.");
    expect([denied, back, stopped].map((id) => home.gate.get(id).status)).toEqual(["denied", "denied", "pending"]);
    await person.post("/stop", { on: "no" });
    expect(home.gate.stopped()).toBe(false);
    expect(home.lamps.happened).toEqual([]);
  });

  it("wants the name of what a destructive plan destroys", async () => {
    await person.logIn(PASSPHRASE);
    const id = await home.plan(lampProposal(["hall"], "blue", "destructive"));
    const wrong = await person.post(`/plans/${id}/approve`, { run: "no", typed: "hal" });
    expect(wrong.text).toContain("its target&#39;s name was not typed");
    expect(wrong.text).toContain('aria-invalid="true"');
    expect((await person.post(`/plans/${id}/approve`, { run: "no", typed: "hall" })).status).toBe(303);
  });

  it("says what became of a plan that waited too long, or that nobody knows", async () => {
    await person.logIn(PASSPHRASE);
    const id = await home.plan();
    await home.clock.advance(9 * 60_000);
    await person.get(`/plans/${id}`);
    await home.clock.advance(60_000);
    expect((await person.post(`/plans/${id}/approve`, { run: "no" })).text).toContain("This plan has expired.");
    expect((await person.get("/plans/nope")).text).toContain("There is no such plan.");
  });

  it("slows wrong passphrases down and says for how long", async () => {
    for (let tries = 0; tries < 3; tries++) await person.logIn("wrong");
    const locked = await person.logIn(PASSPHRASE);
    expect(locked.status).toBe(403);
    expect(locked.text).toContain("Wait 5 seconds before the next try.");
    await home.clock.advance(5_000);
    expect((await person.logIn(PASSPHRASE)).status).toBe(303);
  });

  it.skipIf(!browserPath)(`brings a person in a browser from the link to the result${unlessBrowser}`, async () => {
    const id = await home.plan();
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`${served.url}/plans/${id}`);
      await page.fill("#passphrase", PASSPHRASE);
      await page.keyboard.press("Enter");
      await page.click("#approve");
      const code = (await page.textContent("#code")) ?? "";
      expect(await home.apply(id, code)).toMatchObject({ status: "done" });
      await page.waitForSelector("#results");
      expect(await page.textContent("#results + ul")).toContain("It shows blue.");
    } finally {
      await browser.close();
    }
  });
});
