import { expect, it } from "vitest";
import type { Bench } from "./contract.ts";

/** What an engine tells of a container's life. */
export function lifeContract({ docker, running }: Bench): void {
  const lifeOf = async (id: string) => {
    const { reading } = docker();
    const life = await reading.life(await reading.inspect(id));
    return life.map(({ action, exit_code, signal }) => [action, exit_code, signal]);
  };

  it("tells one that was stopped from one that ended by itself, and nothing of others", async () => {
    const { changing } = docker();
    const stopped = await running("contract-stopped-by-hand");
    await changing.stop(stopped, 0);
    await changing.start(stopped);
    await running("contract-other");
    await changing.stop(stopped, 1);
    const life = await lifeOf(stopped);
    expect(life).toContainEqual(["kill", null, 15]);
    expect(life.map(([action]) => action)).toEqual(expect.arrayContaining(["start", "die", "stop"]));
    // It is asked by whole seconds, so the start before may be in it; the other's, in the middle, never.
    expect(life.filter(([action]) => action === "start").length).toBeLessThanOrEqual(2);
    expect(await lifeOf(stopped)).toEqual(life);
  });
}
