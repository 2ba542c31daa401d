import { describe } from "vitest";
import { localRunner } from "../../../src/systems/shell/local.ts";
import { sshRunner } from "../../../src/systems/shell/over-ssh.ts";
import { shellContract } from "./contract.ts";
import { startExecServer } from "./ssh-server.ts";

if (process.platform === "win32") describe.skip("shells (skipped: there is no POSIX sh)", () => {});
else {
  shellContract("this machine", async () => {
    const runner = localRunner();
    return { runner, close: () => runner.close() };
  });

  shellContract("a machine over ssh", async () => {
    const server = await startExecServer();
    const runner = sshRunner(server.ssh);
    return {
      runner,
      async close() {
        await runner.close();
        await server.close();
      },
    };
  });
}
