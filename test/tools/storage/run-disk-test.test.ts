import { afterEach, expect, it } from "vitest";
import { fleet } from "../../../src/systems/fleet.ts";
import type { Reading, Smart, SmartChanges } from "../../../src/systems/smart/port.ts";
import type { ToolContext } from "../../../src/tools/define.ts";
import { runDiskTest } from "../../../src/tools/storage/run-disk-test.ts";
import { noChanges } from "../../support/no-systems.ts";
import { disk, diskContext, now, told, unasked } from "./disk-house.ts";
import { gated } from "./gated-storage.ts";

type Entry = { status: { value: number; passed?: boolean }; lifetime_hours: number };
const aborted: Entry = { status: { value: 25 }, lifetime_hours: 40_000 };

/** A disk that tests itself: what it was asked, and a log as a drive keeps it. */
function testingDisk() {
  const state = {
    serial: "Z-sda",
    asleep: false,
    running: false,
    /** Says that it began, and doesn't. */
    deaf: false,
    log: [{ status: { value: 0, passed: true }, lifetime_hours: 39_990 }] as Entry[],
    asked: [] as string[],
  };
  const smart: Smart = {
    disks: async () => [disk("sda", { serial: state.serial })],
    async read(): Promise<Reading> {
      if (state.asleep) return { state: "standby", at: now };
      const status = state.running ? { value: 249, remaining_percent: 90 } : { value: 0 };
      const smartctl = told(
        state.serial,
        {},
        {
          ata_smart_data: { self_test: { status, polling_minutes: { short: 2, extended: 523 } } },
          ata_smart_self_test_log: { standard: { table: state.log } },
        },
      );
      return { state: "read", at: now, smartctl, exit_status: 0 };
    },
    contents: unasked,
  };
  const changing: SmartChanges = {
    async selfTest(name, test) {
      state.asked.push(`${test} ${name}`);
      if (test === "abort") state.log.unshift(aborted);
      state.asleep = false;
      state.running = test !== "abort" && !state.deaf;
    },
  };
  return { state, smart, changing };
}

let house: Awaited<ReturnType<typeof gated>> | undefined;
afterEach(() => house?.close());

async function home() {
  const { state, smart, changing } = testingDisk();
  const context: ToolContext = diskContext(smart);
  house = await gated(runDiskTest, context, { ...noChanges, smart: fleet("smart", ["nas"], () => changing) });
  return { state, ...house };
}

it("starts a test once a person approved it, and proves that it runs", async () => {
  const { plan, run, state } = await home();
  const planned = await plan({ disk: "sda", test: "long" });
  expect(planned).toMatchObject({
    title: "Run a long self-test on disk sda on nas",
    risk: "reversible",
    changes: [
      "self-test: none runs → long, about 9 h by the drive's own estimate",
      "get_disks shows how far it is, and later its result",
    ],
    warnings: [],
    undo: "Abort it, with run_disk_test. It only reads the disk.",
  });
  expect(state.asked).toEqual([]);
  const done = await run(planned);
  expect([done.status, done.results?.[0]?.why]).toEqual(["done", "A self-test runs, 90 % to go."]);
  expect(state.asked).toEqual(["long sda"]);
});

it("aborts a running test, and plans none beside it", async () => {
  const { plan, run, state } = await home();
  state.running = true;
  await expect(plan({ disk: "sda", test: "short" })).rejects.toMatchObject({ code: "conflict" });
  const planned = await plan({ disk: "sda", test: "abort" });
  expect(planned.warnings).toEqual(["What it has tested so far is lost."]);
  expect((await run(planned)).status).toBe("done");
  expect(state.asked).toEqual(["abort sda"]);
  await expect(plan({ disk: "sda", test: "abort" })).rejects.toMatchObject({ code: "nothing_to_do" });
});

it("says that it wakes a sleeping disk, knows it again awake, and tests it", async () => {
  const { plan, run, state } = await home();
  state.asleep = true;
  const planned = await plan({ disk: "sda", test: "short" });
  expect(planned.warnings).toEqual(["The disk sleeps: the test wakes it, and keeps it awake to its end."]);
  state.asleep = false;
  expect((await run(planned)).status).toBe("done");
});

it("does not run on another disk, nor where a test was begun meanwhile", async () => {
  const { plan, run, state } = await home();
  const planned = await plan({ disk: "sda", test: "short" });
  state.serial = "Z-other";
  expect((await run(planned)).status).toBe("stale");
  const again = await plan({ disk: "sda", test: "short" });
  state.running = true;
  expect((await run(again)).status).toBe("stale");
  expect(state.asked).toEqual([]);
});

it("does not call a test begun that did not begin", async () => {
  const { plan, run, state } = await home();
  state.deaf = true;
  const view = await run(await plan({ disk: "sda", test: "short" }));
  expect([view.status, view.results?.[0]?.why]).toEqual([
    "rolled_back",
    "The proof failed: No self-test runs, and the log has no new entry. Now as before: No self-test runs, and the log has no new entry.",
  ]);
});

it("plans nothing for a disk that tells nothing or has no serial number", async () => {
  const silent: Smart = {
    disks: async () => [disk("sdu"), disk("sdv", { serial: "" })],
    read: async (name) =>
      name === "sdu"
        ? { state: "unmonitored", at: now, why: "smartctl could not open it" }
        : { state: "read", at: now, smartctl: told(""), exit_status: 0 },
    contents: unasked,
  };
  const call = (name: string) => runDiskTest.call({ disk: name, test: "short" }, diskContext(silent));
  await expect(call("sdu")).rejects.toMatchObject({ code: "unsupported", fix: "smartctl could not open it." });
  await expect(call("sdv")).rejects.toThrow("no serial number");
});
