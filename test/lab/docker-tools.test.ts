import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runGreedy } from "./support/greedy.ts";
import { type Home, openHome, stateFolder } from "./support/home.ts";
import { type Lab, labMissing, registry, startLab, titled, until } from "./support/lab.ts";

const traffic = z.looseObject({
  containers: z.array(
    z.looseObject({ name: z.string(), rx_bytes: z.number().nullable(), reason: z.string().nullable() }),
  ),
  measured: z.number(),
});
const listed = z.looseObject({
  containers: z.array(
    z.looseObject({ name: z.string(), state: z.string(), health: z.string().nullable(), exit: z.string().nullable() }),
  ),
});
const log = z.looseObject({ lines: z.array(z.looseObject({ stream: z.string(), outside_text: z.string() })) });

describe.skipIf(labMissing !== null)(titled("the reading tools, of real containers"), () => {
  let lab: Lab;
  let home: Home;
  beforeAll(async () => {
    lab = await startLab();
    home = openHome(await stateFolder(lab), lab.socket);
    await lab.publish("web", 1);
    await lab.publish("ill", 1, "unhealthy");
    await lab.publish("crash", 1, "crash");
    const start = (name: string, ...options: string[]) => lab.docker("run", "-d", "--name", name, ...options);
    await start("web", `${registry}/web`);
    await start("client", `${registry}/web`);
    await start("side", "--network", "container:web", `${registry}/web`);
    await start("hosted", "--network", "host", `${registry}/web`);
    await start("ill", `${registry}/ill`);
    await start("crashed", `${registry}/crash`);
    await runGreedy(lab, "greedy");
  });
  afterAll(async () => {
    await home.close();
    await lab.down();
  });

  it("list_containers: state, health and why each one ended", async () => {
    const seen = async () =>
      listed
        .parse(await home.call("list_containers", {}))
        .containers.map(({ name, state, health, exit }) => [name, state, health, exit?.split(":")[0] ?? null].join(" "))
        .sort();
    const expected = [
      "client running healthy ",
      "crashed exited  7",
      "greedy exited  137",
      "hosted running healthy ",
      "ill running unhealthy ",
      "side running healthy ",
      "web running healthy ",
    ];
    expect(await until(seen, (now) => now.join() === expected.join())).toEqual(expected);
    // The engine learns of the kernel's reason a moment after the end itself.
    const reason = async () =>
      listed.parse(await home.call("list_containers", { container: "greedy" })).containers[0]?.exit ?? "";
    expect(await until(reason, (now) => /memory/i.test(now))).toMatch(/memory/i);
  });

  it("get_container_bandwidth: counts a known transfer, and gives a reason instead of a number that is not the container's", async () => {
    const measure = async () => traffic.parse(await home.call("get_container_bandwidth", { window_s: 0.2 })).containers;
    const received = async () => (await measure()).find(({ name }) => name === "client")?.rx_bytes ?? 0;
    const address = await lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web");
    await lab.docker("exec", "web", "dd", "if=/dev/zero", "of=/www1/big", "bs=1000000", "count=20");
    const before = await received();
    await lab.docker("exec", "client", "wget", "-q", "-O", "/dev/null", `http://${address}:8080/big`);
    const carried = (await received()) - before;
    expect(carried).toBeGreaterThan(20_000_000);
    expect(carried).toBeLessThan(21_000_000);

    const reasons = (await measure()).filter(({ reason }) => reason !== null);
    expect(reasons.map(({ name, rx_bytes, reason }) => `${name} ${rx_bytes}: ${reason}`).sort()).toEqual([
      "crashed null: it is not running (exited)",
      "greedy null: it is not running (exited)",
      "hosted null: it uses the host's network: the counters would be those of the whole host",
      "side null: it uses the network of web: its traffic is counted there",
    ]);
  });

  it("get_container_logs: what it wrote, without the secrets", async () => {
    await lab.docker(
      "exec",
      "web",
      "sh",
      "-c",
      "echo 'password=hunter2hunter2' >/proc/1/fd/1; echo found it >/proc/1/fd/2",
    );
    const { lines } = log.parse(await home.call("get_container_logs", { container: "web", grep: "found" }));
    expect(lines.map(({ stream, outside_text }) => `${stream} ${outside_text}`)).toEqual(["stderr found it"]);
    expect(JSON.stringify(await home.call("get_container_logs", { container: "web" }))).not.toContain("hunter2");
  });
});
