// Starts a lab with a container, says where, and waits to be killed: for the test of cleaning up after a crash.
import { registry, startLab } from "./lab.ts";

const lab = await startLab();
await lab.publish("web", 1);
const container = await lab.docker("run", "-d", `${registry}/web`);
process.stdout.write(`${lab.folder} ${container}\n`);
setInterval(() => undefined, 60_000);
