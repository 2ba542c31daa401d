import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approverIn, createApprover } from "../../../src/confirm/approver.ts";
import { assertAuthorised } from "../../../src/confirm/authorised.ts";
import { createGate } from "../../../src/confirm/gate.ts";
import { defaultLimits } from "../../../src/confirm/limits.ts";
import { systemClock } from "../../../src/shared/clock.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Smart } from "../../../src/systems/smart/port.ts";
import type { Changes, Systems } from "../../../src/tools/define.ts";
import { planAnswer } from "../../../src/tools/plan-answer.ts";
import { acknowledgeDisk } from "../../../src/tools/storage/acknowledge-disk.ts";
import { predictDiskFailure } from "../../../src/tools/storage/predict-disk-failure.ts";
import { noChanges } from "../../support/no-systems.ts";
import { disk, diskContext, now, told, unasked } from "./disk-house.ts";

it("is approved by a person, noted in the real store, and proven; the disk that changed meanwhile needs a new plan", async () => {
  const folder = mkdtempSync(join(tmpdir(), "steward-acknowledge-"));
  await createApprover(folder, "correct horse battery disks");
  const signer = await approverIn(folder).unlock("correct horse battery disks");
  if (signer === null) throw new Error("the passphrase just set is refused");
  const store = openStore(folder);
  let raw = { 5: 640, 187: 12, 197: 24, 198: 24 };
  let at = now;
  const smart: Smart = {
    disks: async () => [disk("sda")],
    read: async () => ({ state: "read", at, smartctl: told("Z", raw), exit_status: 0 }),
    contents: unasked,
  };
  const context = diskContext(smart, store.disks);
  const gate = createGate<Changes, Systems>({
    folder,
    store: () => store,
    clock: systemClock,
    limits: defaultLimits,
    readOnly: false,
    actions: new Map(acknowledgeDisk.actions ? [[acknowledgeDisk.name, acknowledgeDisk.actions]] : []),
    systems: context.systems,
    openChanges(authorised) {
      assertAuthorised(authorised);
      return { ...noChanges, diskNotes: store.disks };
    },
    pageUrl: async () => null,
    approveCommand: (id) => `home-steward approve ${id}`,
  });
  const approved = async (meanwhile: () => void) => {
    const { plan_id } = planAnswer.parse(
      (await acknowledgeDisk.call({ disk: "sda" }, { ...context, gate })).structured,
    );
    const { token } = gate.approve(plan_id, signer, { run: false, surface: "terminal" });
    meanwhile();
    await gate.apply(plan_id, { token: token ?? "", signal: new AbortController().signal, progress: () => {} });
    await gate.idle();
    return gate.get(plan_id).status;
  };
  const tier = async () => (await predictDiskFailure.call({ disk: "sda" }, context)).structured.tier;
  try {
    const before = await tier();
    expect(
      await approved(() => {
        raw = { ...raw, 5: 641 };
      }),
    ).toBe("stale");
    expect([before, await tier()]).toEqual(["urgent", "urgent"]);
    expect(await approved(() => {})).toBe("done");
    expect(await tier()).toBe("ok");
    raw = { ...raw, 5: 700, 187: 40 };
    at += 3_600_000;
    expect(await tier()).toBe("urgent");
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
