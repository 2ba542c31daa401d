import { expect, it } from "vitest";
import type { Bench } from "./contract.ts";

/** Whom a container's processes run as, seen from its machine. */
export function processesContract({ docker, create, running }: Bench): void {
  it("tells the users of a container's processes", async () => {
    const root = await running("contract-root");
    expect(new Set((await docker().reading.processes(root)).map(({ uid }) => uid))).toEqual(new Set([0]));
    const other = await running("contract-user", { User: "1234:1235" });
    const found = await docker().reading.processes(other);
    expect(new Set(found.map(({ uid }) => uid))).toEqual(new Set([1234]));
    expect(found.map(({ pid }) => pid)).toContain((await docker().reading.inspect(other)).State.Pid);
  });

  it("tells no processes of one that does not run", async () => {
    const id = await create("contract-stopped");
    await expect(docker().reading.processes(id)).rejects.toMatchObject({ code: "conflict" });
  });
}
