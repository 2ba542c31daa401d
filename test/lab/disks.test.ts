import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sshRunner } from "../../src/systems/shell/over-ssh.ts";
import type { Runner } from "../../src/systems/shell/runner.ts";
import { getDisks } from "../../src/tools/storage/get-disks.ts";
import { fakeTools, type Script } from "../systems/smart/fake-tools.ts";
import { diskContext, told } from "../tools/storage/disk-house.ts";
import { type Lab, labMissing, startLab, titled } from "./support/lab.ts";
import { labSsh } from "./support/lab-ssh.ts";

const names = Array.from({ length: 24 }, (_, i) => `sd${String.fromCharCode(97 + i)}`);
/** smartctl's own answers are about this long. */
const filling = {
  ata_log_directory: { table: Array.from({ length: 400 }, (_, address) => ({ address, name: "a log" })) },
};

const smartctl: Script = {
  "-j": { prints: { devices: names.map((name) => ({ name: `/dev/${name}`, type: "scsi", protocol: "SCSI" })) } },
  ...Object.fromEntries(names.map((name) => [`/dev/${name}`, { prints: told(`Z-${name}`, {}, filling) }])),
};

describe.skipIf(labMissing !== null)(titled("the disks of a machine over a real sshd"), () => {
  let lab: Lab;
  let runner: Runner;
  beforeAll(async () => {
    lab = await startLab({ docker: false, ssh: true });
    runner = sshRunner(labSsh(lab));
  });
  afterAll(async () => {
    await runner.close();
    await lab.down();
  });

  it("are all read over one connection, however few commands it takes at once", async () => {
    const tools = fakeTools(smartctl, undefined, runner);
    try {
      const { structured } = await getDisks.call({}, diskContext(tools.reading));
      const { disks } = z.object({ disks: z.array(z.looseObject({ disk: z.string() })) }).parse(structured);
      expect(disks.map(({ disk }) => disk)).toEqual(names);
      expect(disks[23]).toMatchObject({ serial: "Z-sdx", tier: "ok", temperature_c: 31 });
    } finally {
      tools.remove();
    }
  });
});
