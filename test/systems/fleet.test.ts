import { describe, expect, it } from "vitest";
import { StewardError } from "../../src/shared/errors.ts";
import { fleet } from "../../src/systems/fleet.ts";
import { fakeClock } from "../support/clock.ts";

const failing = (code: "unreachable" | "timeout" | "refused") => async () => {
  throw new StewardError(code, "It does not.", "Look.");
};
const fine = async () => "fine";

function rig() {
  const clock = fakeClock(Date.UTC(2027, 0, 15, 14, 2));
  let answer = fine;
  const hosts = fleet("docker", ["nas", "attic"], (name) => ({ name, ping: () => answer(), kind: "engine" }), clock);
  /** How `nas` answers; `attic` is always fine. */
  const ask = (nas: () => Promise<string>, host?: string) =>
    hosts.each((system) => (system.name === "nas" ? nas() : fine()), host).then(([first]) => first);
  /** Asks the very system, as a tool does that is about one host. */
  const pingOne = (nas: () => Promise<string>) => {
    answer = nas;
    return hosts.one("nas").system.ping();
  };
  return { clock, ask, pingOne, hosts };
}
const silentSince = (since: string) => ({ host: "nas", ok: false, problem: { code: expect.any(String), since } });
const isFine = { host: "nas", ok: true, value: "fine" };

describe("since when a host has been silent", () => {
  it("is kept from its first failure to its next answer", async () => {
    const { clock, ask } = rig();
    expect(await ask(failing("unreachable"))).toEqual({
      host: "nas",
      ok: false,
      problem: { code: "unreachable", message: "It does not.", fix: "Look.", since: "2027-01-15T14:02:00.000Z" },
    });
    await clock.advance(60_000);
    expect(await ask(failing("timeout"))).toMatchObject(silentSince("2027-01-15T14:02:00.000Z"));
    expect(await ask(fine)).toEqual(isFine);
    await clock.advance(60_000);
    expect(await ask(failing("timeout"))).toMatchObject(silentSince("2027-01-15T14:04:00.000Z"));
  });

  it("is not said of one that answers with a no, and begins anew after it", async () => {
    const { clock, ask } = rig();
    await ask(failing("timeout"));
    await clock.advance(60_000);
    const refused = { host: "nas", ok: false, problem: { code: "refused", message: "It does not.", fix: "Look." } };
    expect(await ask(failing("refused"))).toEqual(refused);
    expect(await ask(failing("timeout"))).toMatchObject(silentSince("2027-01-15T14:03:00.000Z"));
  });
});

describe("a system that is asked by itself", () => {
  it("says in its error since when it does not answer, whoever asked it before", async () => {
    const { clock, ask, pingOne } = rig();
    await ask(failing("timeout"));
    await clock.advance(60_000);
    await expect(pingOne(failing("unreachable"))).rejects.toMatchObject({
      code: "unreachable",
      message: "It does not.",
      fix: "Look.",
      since: "2027-01-15T14:02:00.000Z",
    });
    expect(await pingOne(fine)).toBe("fine");
    await clock.advance(60_000);
    await pingOne(failing("timeout")).catch(() => {});
    expect(await ask(failing("timeout"))).toMatchObject(silentSince("2027-01-15T14:04:00.000Z"));
  });

  it("keeps its own refusals, its mistakes and all that is no answer as they are", async () => {
    const { pingOne, hosts } = rig();
    const mistake = new TypeError("x is not a function");
    await expect(pingOne(() => Promise.reject(mistake))).rejects.toBe(mistake);
    const refusal = new StewardError("refused", "No.", "Ask.");
    await expect(pingOne(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(hosts.one("nas").system.kind).toBe("engine");
  });
});

describe("a host that was silent a moment ago", () => {
  /** A host that hangs until it is told. */
  function hanging() {
    const answer = Promise.withResolvers<string>();
    let asked = 0;
    const nas = () => {
      asked += 1;
      return answer.promise;
    };
    return { nas, answer, asked: () => asked };
  }

  it("costs a call a second, not its whole deadline, and one question at a time looks whether it is back", async () => {
    const { clock, ask } = rig();
    await ask(failing("timeout"));
    const { nas, answer, asked } = hanging();
    const first = ask(nas);
    expect(await ask(nas)).toMatchObject(silentSince("2027-01-15T14:02:00.000Z"));
    await clock.advance(1000);
    expect(await first).toMatchObject(silentSince("2027-01-15T14:02:00.000Z"));
    expect(asked()).toBe(1);
    answer.resolve("fine");
    await answer.promise;
    expect(await ask(fine)).toEqual(isFine);
  });

  it("is believed at once when it is back", async () => {
    const { ask } = rig();
    await ask(failing("timeout"));
    expect(await ask(fine)).toEqual(isFine);
  });

  it.each(["named", "asked half a minute later"])("is asked in full when %s", async (how) => {
    const { clock, ask } = rig();
    await ask(failing("timeout"));
    if (how !== "named") await clock.advance(30_001);
    const { nas, answer } = hanging();
    const patient = ask(nas, how === "named" ? "nas" : undefined);
    await clock.advance(9_000);
    answer.resolve("fine");
    expect(await patient).toEqual(isFine);
  });

  it("is looked at again after a question that was given up", async () => {
    const { clock, ask } = rig();
    await ask(failing("timeout"));
    const given = hanging();
    const first = ask(given.nas);
    await clock.advance(1000);
    await first;
    given.answer.reject(new Error("the caller left"));
    await new Promise(setImmediate);
    const { nas, asked } = hanging();
    const second = ask(nas);
    await clock.advance(1000);
    expect(await second).toMatchObject(silentSince("2027-01-15T14:02:00.000Z"));
    expect(asked()).toBe(1);
  });
});
