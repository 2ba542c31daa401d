import { expect, it } from "vitest";
import type { Bench } from "./contract.ts";

/** What an engine remembers of a container's life. */
export function eventsContract({ docker, create, running }: Bench): void {
  const lifeOf = async (id: string) => {
    const { reading } = docker();
    const { State } = await reading.inspect(id);
    const between = {
      since_s: Math.floor(Date.parse(State.StartedAt) / 1000),
      until_s: Math.ceil(Date.parse(State.FinishedAt) / 1000) + 1,
    };
    return (await reading.events(id, between)).map(({ action, exit_code, signal }) => [action, exit_code, signal]);
  };

  it("tells one that was stopped from one that ended by itself, and knows nothing of others", async () => {
    const { changing, reading } = docker();
    const stopped = await running("contract-stopped-by-hand");
    const other = await create("contract-other");
    await changing.stop(stopped, 0);
    const life = await lifeOf(stopped);
    expect(life[0]).toEqual(["start", null, null]);
    expect(life).toContainEqual(["kill", null, 15]);
    expect(life.map(([action]) => action)).toEqual(expect.arrayContaining(["die", "stop"]));
    expect(await reading.events(other, { since_s: 0, until_s: Math.floor(Date.now() / 1000) })).toEqual([]);
  });
}
