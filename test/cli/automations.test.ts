import { afterEach, beforeEach, expect, test } from "vitest";
import { automations } from "../../src/cli/automations.ts";
import { WrongUse } from "../../src/cli/wrong-use.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { type Home, lampGate, makeHome, PASSPHRASE } from "../support/gate.ts";
import { grantProposal, lampGrant } from "../support/standing.ts";
import { talk } from "./support/talk.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.close());

/** On the clock of the machine, which the terminal's own gate has. */
async function granted(more = {}) {
  const { gate } = home.another(lampGate(home.folder, home.store, home.lamps, systemClock));
  home.lamps.set("cellar", "red");
  const { plan_id } = await gate.propose("change_lamp", {}, grantProposal(lampGrant(Date.now(), more)));
  gate.approve(plan_id, await home.signer(), { run: true, surface: "terminal" });
  await gate.apply(plan_id, { signal: new AbortController().signal, progress: () => {} });
  return { id: plan_id, gate };
}

test("lists what may happen by itself", async () => {
  expect((await talk(home.folder, automations, [], [])).said).toBe("Nothing is allowed to happen by itself.\n");
  const { id, gate } = await granted();
  const until = gate.grants()[0]?.until;
  expect((await talk(home.folder, automations, [], [])).said).toBe(
    `${id}  Change a lamp that burnt out\n  On: lamp hall on home, lamp attic on home\n  Until ${until}; 6 of 6 uses are left today\n`,
  );
});

test("ends one in one step, also where no terminal is", async () => {
  const { id, gate } = await granted();
  const { code, said } = await talk(home.folder, automations, ["revoke", id], [], false);
  expect([code, said]).toEqual([0, "Ended: Change a lamp that burnt out. What runs under it now goes back.\n"]);
  expect(gate.grants()).toMatchObject([{ state: "revoked" }]);
  expect((await talk(home.folder, automations, ["revoke", id], [])).code).toBe(
    "This standing approval has ended already.",
  );
  expect((await talk(home.folder, automations, ["revoke", "p-2222222222"], [])).code).toBe(
    "There is no such standing approval.",
  );
});

test("asks for the passphrase before it ends one for emergencies", async () => {
  const { id, gate } = await granted({ emergency: true });
  expect((await talk(home.folder, automations, ["revoke", id], [], false)).code).toContain(
    "needs a person at a terminal",
  );
  expect((await talk(home.folder, automations, ["revoke", id], ["wrong passphrase"])).code).toBe(
    "The passphrase is wrong.",
  );
  expect(gate.grants()).toMatchObject([{ state: "active" }]);
  expect((await talk(home.folder, automations, ["revoke", id], [PASSPHRASE])).code).toBe(0);
  expect(gate.grants()).toMatchObject([{ state: "revoked" }]);
});

test("knows two ways to be called", async () => {
  const surroundings = { ...process, env: { HOME_STEWARD_HOME: home.folder } };
  for (const args of [["revoke"], ["end", "p-2222222222"], ["revoke", "a", "b"], ["--all"]])
    await expect(automations(args, surroundings)).rejects.toThrow(WrongUse);
});
